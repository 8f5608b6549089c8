"""What a cast draws: how much of its terminal it uses, and the screen that it ends with."""

import re
from dataclasses import dataclass
from functools import lru_cache

from castdeck.cast.model import Cast
from castdeck.cast.terminal import VirtualTerminal, abridged, trimmed

_COLOURS = re.compile(r"\x1b\[[0-9;:]*m")


@dataclass(frozen=True)
class Footprint:
    """The columns and rows that were drawn on or held the cursor, and the last screen's lines."""

    cols: int
    rows: int
    last: tuple[str, ...]


@lru_cache(maxsize=256)
def footprint(cast: Cast) -> Footprint:
    """Replay the cast in memory. A program that takes the whole screen (an editor, a pager) uses all of it."""
    terminal = VirtualTerminal(cast.cols, cast.rows)
    start, left_out, end = abridged("".join(event.data for event in cast.events if event.kind == "o"))
    cols, rows = _reach_of_lines(left_out, cast)
    for line in (start + end).splitlines(keepends=True):
        terminal.feed(line)
        reach = terminal.take_reach()
        cols, rows = max(cols, reach[0]), max(rows, reach[1])
    if terminal.was_taken_whole:
        cols, rows = cast.cols, cast.rows
    return Footprint(cols, rows, tuple(trimmed(terminal.lines)))


def _reach_of_lines(text: str, cast: Cast) -> tuple[int, int]:
    """The columns and rows that a text takes that is too long to be drawn; all of them where it moves the cursor."""
    plain = _COLOURS.sub("", text)
    if "\x1b" in plain:
        return cast.cols, cast.rows
    widest = max(map(len, plain.split("\n")))
    return max(1, min(widest, cast.cols)), max(1, min(plain.count("\n"), cast.rows))


def rows_used(cast: Cast) -> int:
    """How many rows of its terminal the cast uses, from 1 to `cast.rows`."""
    return footprint(cast).rows


def last_screen(cast: Cast) -> list[str]:
    """The lines that stand on the screen when the cast has ended."""
    return list(footprint(cast).last)
