"""The screens of a cast as HTML, in its colours."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape
from itertools import groupby

from pyte.screens import Char

from castdeck.cast.model import Cast
from castdeck.cast.terminal import DRAWN, DRAWN_TOGETHER, VirtualTerminal, abridged

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_OWN = {"010101": "quiet", "010102": "o", "010103": "s", "010104": "k", "010105": "nv"}


@lru_cache(maxsize=256)
def screen_html(cast: Cast) -> str:
    """The screen that a cast ends with."""
    terminal = VirtualTerminal(cast.cols, cast.rows)
    start, _, end = abridged("".join(event.data for event in cast.events if event.kind == "o"))
    terminal.feed(start + end)
    return _drawn(terminal)


def screens_html(cast: Cast, times: Iterable[float]) -> list[str]:
    """The screens at those times, which ascend. One terminal draws all of them, each no more than what it may show."""
    terminal = VirtualTerminal(cast.cols, cast.rows)
    outputs = [event for event in cast.events if event.kind == "o"]
    screens, done, left = [], 0, DRAWN_TOGETHER
    for time in times:
        first = done
        while done < len(outputs) and outputs[done].time <= time:
            done += 1
        shown = "".join(event.data for event in outputs[first:done])
        start, _, end = abridged(shown, max(min(DRAWN, left), cast.cols * cast.rows))
        left -= len(start) + len(end)
        terminal.feed(start + end)
        screens.append(_drawn(terminal))
    return screens


def _drawn(terminal: VirtualTerminal) -> str:
    """Its rows without the empty ones at the end, each character in a <span> of its colours and weight."""
    rows = ["".join(_spans(row)).rstrip() for row in terminal.cells()]
    while rows and not rows[-1]:
        rows.pop()
    return "\n".join(rows)


def _spans(row: tuple[Char, ...]) -> list[str]:
    spans = []
    for (classes, style), group in groupby(row, key=_look):
        text = escape("".join(char.data for char in group))
        attributes = f' class="{classes}"' * bool(classes) + f' style="{style}"' * bool(style)
        spans.append(f"<span{attributes}>{text}</span>" if attributes else text)
    return spans


def _look(char: Char) -> tuple[str, str]:
    """The classes of a character and its style."""
    front, back = (char.bg, char.fg) if char.reverse else (char.fg, char.bg)
    classes = [_OWN[front]] if front in _OWN else []
    classes += ["bold"] * char.bold + ["italic"] * char.italics
    style = "" if front in _OWN else _colour("color", front, char.reverse, "--term-background")
    return " ".join(classes), style + _colour("background", back, char.reverse, "--term-foreground")


def _colour(name: str, colour: str, is_reversed: bool, default: str) -> str:
    if colour == "default":
        return f"{name}:var({default});" if is_reversed else ""
    plain = colour.removeprefix("bright")
    if plain in _NAMES:
        return f"{name}:var(--term-{_NAMES.index(plain) + 8 * (plain != colour)});"
    return f"{name}:#{colour};" if len(colour) == 6 else ""
