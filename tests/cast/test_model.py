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


HEADER = '{"version": 2, "width": 80, "height": 24}'


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([HEADER, '[-1, "o", "a"]'], "line 2: not an event"),
        ([HEADER, "", '[1e8, "o", "a"]'], "line 3: not an event"),
        ([HEADER, '[0, "o"]'], "line 2: not an event"),
        (['{"version": 2, "width": 0, "height": 24}'], "line 1: not an asciicast header"),
        (['{"version": 2, "width": 80, "height": 1001}'], "line 1: not an asciicast header"),
        (['{"width": 80, "height": 24}'], "line 1: asciicast version None"),
        ([HEADER, *['[0, "o", "a"]'] * 300_000], "line 300000: more than 300000 events"),
        ([HEADER, *['[0, "m", "a"]'] * 1001], "line 1002: more than 1000 commands"),
        (["[" * 100_000], "line 1: not an asciicast header"),
    ],
)
def test_what_is_wrong_or_too_much_is_an_error(lines: list[str], message: str) -> None:
    with pytest.raises(CastError, match=message):
        parse_cast("\n".join(lines))


def test_the_largest_cast_is_read() -> None:
    cast = parse_cast("\n".join(['{"version": 2, "width": 1000, "height": 1000}', *['[1e7, "m", "a"]'] * 1000]))
    assert (cast.cols, cast.rows, cast.title, len(cast.markers), cast.duration) == (1000, 1000, "", 1000, 1e7)


def test_line_ends_of_unicode_are_text_and_empty_lines_are_nothing() -> None:
    cast = parse_cast(f'{HEADER}\n[0.25, "o", "a\u2028b"]\n\n \n[1, "m", "c"]\n')
    assert cast.events == (Event(0.25, "o", "a\u2028b"), Event(1, "m", "c"))


def test_an_error_of_the_whole_file_has_no_line() -> None:
    assert str(CastError("wrong")) == "wrong" and str(CastError("wrong", 3)) == "line 3: wrong"
    assert Cast(80, 24, ()).duration == 0


def test_times_are_written_in_microseconds() -> None:
    assert format_cast(Cast(80, 24, (Event(0.12345678, "o", "a"),))).endswith('\n[0.123457, "o", "a"]\n')
