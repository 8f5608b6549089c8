"""How much of its terminal a cast uses."""

import pytest

from castdeck.cast.model import Cast, Event
from castdeck.cast.screen import footprint, last_screen, rows_used
from castdeck.render.screen import screen_html, screens_html


def cast(*outputs: str, cols: int = 20, rows: int = 6) -> Cast:
    return Cast(cols, rows, tuple(Event(float(time), "o", text) for time, text in enumerate(outputs)))


@pytest.mark.parametrize(
    ("outputs", "rows"),
    [
        ((), 1),
        (("$ ",), 1),
        (("$ ls\r\n", "a\r\nb\r\n", "$ "), 4),
        (("x" * 25,), 2),
        (tuple("line\r\n" for _ in range(30)), 6),
        (("a\r\nb\r\nc\r\n", "\x1b[2J\x1b[H$ "), 4),
        (("\x1b[?1049h",), 6),
    ],
)
def test_rows_used_count_the_lowest_row_ever_drawn_on_or_held_by_the_cursor(
    outputs: tuple[str, ...], rows: int
) -> None:
    assert rows_used(cast(*outputs)) == rows


def test_columns_are_those_of_the_longest_line_ever_shown() -> None:
    assert footprint(cast("short\r\n", "a longer line\r\n" + "x\r\n" * 30)).cols == len("a longer line")


def test_the_last_screen_has_no_blank_lines_below() -> None:
    assert last_screen(cast("$ ls\r\na  \r\n\r\n")) == ["$ ls", "a"]


def test_the_screen_at_each_time_is_the_last_one_of_what_was_shown_until_then() -> None:
    outputs = (
        "$ ls\r\n",
        "\x1b[31ma",
        "b\x1b[m\r\n" * 9,
        "\x1b[?1049h\x1b[Hvi",
        "\x1b[?10",
        "49l$ ",
        "\x1b[H\x1b[2Plast",
    )
    until = [screen_html(cast(*outputs[:end])) for end in range(1, len(outputs) + 1)]
    assert screens_html(cast(*outputs), range(len(outputs))) == until
