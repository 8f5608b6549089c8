"""Measures a cast: how much of its terminal it uses, and its last screen."""

from dataclasses import dataclass
from functools import lru_cache

from castdeck.cast.model import Cast
from castdeck.cast.terminal import COLOURS, VirtualTerminal, abridged, trimmed


@dataclass(frozen=True)
class Footprint:
    """The columns and rows that were drawn on or held the cursor, and the lines of the last screen."""

    cols: int
    rows: int
    last: tuple[str, ...]


@lru_cache(maxsize=256)
def footprint(cast: Cast) -> Footprint:
    """Replay a cast in memory. A full-screen program (an editor, a pager) counts as using all of the terminal."""
    terminal = VirtualTerminal(cast.cols, cast.rows)
    start, left_out, end = abridged("".join(event.data for event in cast.events if event.kind == "o"))
    cols, rows = _reach_of_lines(left_out, cast)
    for line in (start + end).splitlines(keepends=True):
        terminal.feed(line)
        reach = terminal.take_reach()
        cols, rows = max(cols, reach[0]), max(rows, reach[1])
    reach = terminal.take_reach(at_last=True)
    cols, rows = max(cols, reach[0]), max(rows, reach[1])
    if terminal.was_taken_whole:
        cols, rows = cast.cols, cast.rows
    return Footprint(cols, rows, tuple(trimmed(terminal.lines)))


def _reach_of_lines(text: str, cast: Cast) -> tuple[int, int]:
    """The columns and rows of a text too long to be drawn; all of the terminal if it moves the cursor."""
    plain = COLOURS.sub("", text)
    if "\x1b" in plain:
        return cast.cols, cast.rows
    widest = max(len(line.removesuffix("\r")) for line in plain.split("\n"))
    return max(1, min(widest, cast.cols)), max(1, min(plain.count("\n"), cast.rows))


def rows_used(cast: Cast) -> int:
    """The number of rows that the cast uses, from 1 to `cast.rows`."""
    return footprint(cast).rows


def last_screen(cast: Cast) -> list[str]:
    """The lines on the screen at the end of the cast."""
    return list(footprint(cast).last)
