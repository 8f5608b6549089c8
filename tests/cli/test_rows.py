"""Rows at the bottom of a terminal, as a terminal shows them."""

import io

import pyte
import pytest
from rich.console import Console
from rich.text import Text

from castdeck.cli.rows import Rows, wrapped


class Emulated:
    """A terminal with rows in it."""

    def __init__(self, cols: int, lines: int) -> None:
        self.screen = pyte.HistoryScreen(cols, lines)
        self.screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.Stream(self.screen)
        file = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        file.write = self._stream.feed  # type: ignore[assignment,method-assign]
        self.rows = Rows(file, Console(file=file), lambda: (self.screen.columns, self.screen.lines))

    def draw(self, *rows: str) -> None:
        self.rows.draw([Text(row) for row in rows])

    def lines(self) -> list[str]:
        """What is on the screen and above it, without empty lines at the bottom."""
        above = ["".join(row[column].data for column in range(80)).rstrip() for row in self.screen.history.top]
        return "\n".join([*above, *(line.rstrip() for line in self.screen.display)]).rstrip().splitlines()

    def type(self, echo: str) -> None:
        self._stream.feed(echo)


@pytest.fixture
def terminal() -> Emulated:
    return Emulated(40, 6)


def test_what_is_printed_stands_above_the_rows(terminal: Emulated) -> None:
    terminal.draw("one 1 s", "two 1 s")
    assert terminal.lines() == ["one 1 s", "two 1 s"] and terminal.screen.cursor.hidden
    terminal.rows.print(Text("one is done"))
    terminal.draw("two 2 s")
    assert terminal.lines() == ["one is done", "two 2 s"]
    terminal.rows.clear()
    assert terminal.lines() == ["one is done"] and not terminal.screen.cursor.hidden


def test_rows_at_the_bottom_of_the_screen_leave_nothing_in_the_scrollback(terminal: Emulated) -> None:
    for number in range(10):
        terminal.rows.print(Text(f"line {number}"))
        terminal.draw("a row", "another row", f"row {number}")
    terminal.rows.clear()
    assert terminal.lines() == [f"line {number}" for number in range(10)]


def test_more_rows_than_lines_are_cut_off(terminal: Emulated) -> None:
    terminal.draw(*(f"row {number}" for number in range(20)))
    assert terminal.lines() == [f"row {number}" for number in range(5)]
    terminal.rows.clear()
    assert terminal.lines() == []


def test_ctrl_c_wraps_no_row_and_is_drawn_over(terminal: Emulated) -> None:
    terminal.draw("x" * 60, "y" * 60)
    terminal.type("^C")
    terminal.draw("x" * 60, "y" * 60)
    assert terminal.lines() == ["x" * 38 + "…", "y" * 38 + "…"]


def test_a_narrower_window_leaves_no_old_rows(terminal: Emulated) -> None:
    terminal.rows.print(Text("before"))
    terminal.draw("x" * 60, "y" * 60)
    terminal.screen.resize(6, 20)
    terminal.draw("x" * 60)
    assert terminal.lines() == ["before", "x" * 18 + "…"]


def test_long_lines_are_broken_between_words_and_keep_their_indentation() -> None:
    console = Console(width=200)
    text = Text("  one two three four five six\nshort\n    " + "x" * 40)
    assert wrapped(text, 24, console).plain.splitlines() == [
        "  one two three four",
        "    five six",
        "short",
        "    " + "x" * 18,
        "      " + "x" * 18,
        "      " + "x" * 4,
    ]
