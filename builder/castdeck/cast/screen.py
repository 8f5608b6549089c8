"""What a cast draws: how much of its terminal it uses, and the screen that it ends with."""

from dataclasses import dataclass
from functools import lru_cache

import pyte

from castdeck.cast.model import Cast

FULL_SCREEN_MODES = ("\x1b[?1049h", "\x1b[?1047h", "\x1b[?47h")


@dataclass(frozen=True)
class Footprint:
    """The columns and rows that were drawn on or held the cursor, and the last screen's lines."""

    cols: int
    rows: int
    last: tuple[str, ...]


@lru_cache(maxsize=256)
def footprint(cast: Cast) -> Footprint:
    """Replay the cast in memory. A program that takes the whole screen (an editor, a pager) uses all of it."""
    screen = pyte.Screen(cast.cols, cast.rows)
    stream = pyte.Stream(screen)
    cols = rows = 1
    for event in cast.events:
        if event.kind != "o":
            continue
        if any(mode in event.data for mode in FULL_SCREEN_MODES):
            cols, rows = cast.cols, cast.rows
        for piece in event.data.splitlines(keepends=True):
            stream.feed(piece)
            rows = max(rows, screen.cursor.y + 1)
            cols = max(cols, screen.cursor.x + 1)
            for y in screen.dirty:
                drawn = [x for x, char in screen.buffer[y].items() if char.data != " "]
                if drawn:
                    rows, cols = max(rows, y + 1), max(cols, max(drawn) + 1)
            screen.dirty.clear()
    lines = [line.rstrip() for line in screen.display]
    while lines and not lines[-1]:
        lines.pop()
    return Footprint(min(cols, cast.cols), min(rows, cast.rows), tuple(lines))


def rows_used(cast: Cast) -> int:
    """How many rows of its terminal the cast uses, from 1 to `cast.rows`."""
    return footprint(cast).rows


def last_screen(cast: Cast) -> list[str]:
    """The lines that stand on the screen when the cast has ended."""
    return list(footprint(cast).last)
