"""A cast as text: each command with its output as displayed, without prompts and colours."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from castdeck.cast.model import Cast
from castdeck.cast.terminal import (
    COLOURS,
    DRAWN_TOGETHER,
    OTHER_SCREEN,
    VirtualTerminal,
    abridged,
    places_text,
    trimmed,
)

NEWLINE = "\n"
HEAD, TAIL = 300, 100  # lines of output kept per command
_PLAIN = re.compile(r"[^\x00-\x09\x0b\x0c\x0e-\x1f\x7f]*")
_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")
_TALLEST = 5000  # rows


@dataclass(frozen=True)
class Spoken:
    """A command: its first line (the marker's label), the prompt before it, and its output."""

    label: str
    prompt: str
    output: tuple[str, ...]


@lru_cache(maxsize=256)
def transcript(cast: Cast, typed_lines: tuple[int, ...] = ()) -> tuple[Spoken, ...]:
    """The commands of a cast, in order. `typed_lines` is the number of typed lines of each; 1 if missing.

    A cast without markers has none. Long output is reduced to its beginning and end, a full-screen program to its last
    screen.
    """
    starts = [number for number, event in enumerate(cast.events) if event.kind == "m"]
    ends = [*starts[1:], len(cast.events)][: len(starts)]
    drawn = _Drawn(cast)
    return tuple(
        _spoken(cast, start, end, before, typed_lines[number] if number < len(typed_lines) else 1, drawn)
        for number, (start, end, before) in enumerate(zip(starts, ends, _before_markers(cast), strict=True))
    )


def _before_markers(cast: Cast) -> Iterator[str]:
    """The last output before each marker."""
    before = ""
    for event in cast.events:
        if event.kind == "m":
            yield before
        elif event.kind == "o":
            before = event.data


def _spoken(cast: Cast, start: int, end: int, before: str, lines: int, drawn: "_Drawn") -> Spoken:
    inside = [event.data for event in cast.events[start:end] if event.kind == "o"]
    text = "".join(inside).removesuffix(_last_line(inside))
    printed = text.split("\n", lines)[lines] if text.count("\n") >= lines else ""
    prompt = COLOURS.sub("", before.split("\n")[-1])
    return Spoken(cast.events[start].data, prompt, tuple(_shortened(drawn.displayed(printed))))


def _last_line(outputs: Sequence[str]) -> str:
    """The text after the last newline: the prompt for the next command."""
    return outputs[-1].split("\n")[-1] if outputs else ""


class _Drawn:
    """Draws the outputs of a cast's commands, until there were too many; of those that come then, the text is taken."""

    def __init__(self, cast: Cast) -> None:
        self._cols, self._rows = cast.cols, cast.rows
        self._left = DRAWN_TOGETHER

    def displayed(self, text: str) -> Sequence[str]:
        """The lines that `text` leaves on a terminal high enough not to scroll.

        For a program that draws on the screen (less, top): the screen as it was left.
        """
        plain = COLOURS.sub("", text).replace("\r\n", "\n")
        if _PLAIN.fullmatch(plain) and "\r" not in plain:
            return trimmed(plain.split("\n"))
        head, left_out, tail = abridged(text)
        text = f"{head}[{left_out.count(NEWLINE)} lines]\n{tail}" if left_out else text
        self._left -= len(text)
        if self._left < 0:
            return trimmed(_SEQUENCE.sub("", text).split("\n"))
        before, *screens = OTHER_SCREEN.split(text)
        taken = [shown for change, shown in zip(screens[::2], screens[1::2], strict=True) if change == "h"]
        draws = bool(taken) or places_text(before)
        rows = self._rows if draws else min(text.count("\n") + self._rows, _TALLEST)
        terminal = VirtualTerminal(self._cols, rows)
        terminal.feed(taken[-1] if taken else before)
        return trimmed(terminal.lines)


def _shortened(lines: Sequence[str]) -> Sequence[str]:
    left_out = len(lines) - HEAD - TAIL
    return lines if left_out <= 0 else [*lines[:HEAD], f"[{left_out} lines]", *lines[-TAIL:]]
