"""asciicast v2, read and written."""

import pytest

from castdeck.cast.model import Cast, CastError, Event, format_cast, parse_cast


def test_a_cast_survives_being_written_and_read() -> None:
    cast = Cast(80, 24, (Event(0.0, "m", "ls"), Event(0.5, "o", "é\x1b[0m\r\n")), "a title")
    assert parse_cast(format_cast(cast)) == cast


def test_the_header_has_no_date_and_nothing_of_the_computer() -> None:
    assert format_cast(Cast(80, 24, ())) == '{"version": 2, "width": 80, "height": 24}\n'


def test_a_cast_can_be_read_by_people_whatever_their_language() -> None:
    assert '"title": "été"' in format_cast(Cast(80, 24, (), "été"))
    assert '"日本"]' in format_cast(Cast(80, 24, (Event(0.0, "o", "日本"),)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the file is empty"),
        ("x\n", "line 1: not an asciicast header"),
        ('{"version": 3, "width": 1, "height": 1}\n', "line 1: asciicast version 3, but castdeck reads only version 2"),
        ('{"version": 2, "width": 1, "height": 1}\n[0.1, "o", "tru', "line 2: not an event"),
    ],
)
def test_what_is_no_cast_is_an_error_with_its_line(text: str, message: str) -> None:
    with pytest.raises(CastError, match=message):
        parse_cast(text)
