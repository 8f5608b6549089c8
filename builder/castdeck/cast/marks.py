"""Finds the commands in a raw recording by the shell's marks, and takes the marks out.

The marks are OSC 133 as FinalTerm defined them:
https://gitlab.freedesktop.org/Per_Bothner/specifications/-/blob/master/proposals/semantic-prompts.md
A starts a prompt, B ends it, C starts a command's output, D ends it with the exit status, P;k=s ends a
continuation prompt.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from castdeck.cast.model import Event

MARK = re.compile(r"\x1b\]133;(A|B|C|D;\d+|P;k=s)\x07")
_TITLE = re.compile(r"\x1b\][012];[^\x07\x1b]*(?:\x07|\x1b\\)")


@dataclass(frozen=True)
class Command:
    """One command of a recording.

    `prompt` is what the shell wrote before it; `typed` the echo of each line, with continuation prompts between;
    `output` what it printed, timed in seconds from its start; `seconds` how long it ran; `status` its exit status.
    """

    prompt: str
    typed: tuple[str, ...]
    output: tuple[Event, ...]
    seconds: float
    status: int


@dataclass(frozen=True)
class Session:
    """The commands of one recording and the prompt that stands after the last."""

    commands: tuple[Command, ...]
    prompt: str


def read_commands(events: Sequence[Event]) -> Session:
    """Cut raw output events into commands. A command that never ended is left out."""
    text, times = _joined(events)
    commands: list[Command] = []
    prompt, typed, started, output = "", list[str](), 0.0, (0, 0)
    state = ""
    for kind, mark, begin, end in _pieces(text):
        content = _TITLE.sub("", text[begin:end])
        if kind == "A":
            prompt = content
        elif kind == "B":
            typed, state = [content], "typed"
        elif kind == "P;k=s":
            typed.append(content)
        elif kind == "C":
            output, started, state = (begin, end), times.at(mark), "running"
        elif kind.startswith("D;"):
            if state == "running":
                shown = _timed(text, times, *output, started)
                commands.append(Command(prompt, tuple(typed), shown, times.at(mark) - started, int(kind[2:])))
            elif state == "typed" and "".join(typed).strip():
                commands.append(Command(prompt, tuple(typed), (), 0.0, 0))
            state = ""
    return Session(tuple(commands), prompt)


class _Times:
    def __init__(self, starts: list[int], times: list[float]) -> None:
        self._starts, self._times = starts, times

    def at(self, offset: int) -> float:
        return self._times[max(0, bisect_right(self._starts, offset) - 1)] if self._times else 0.0

    def bounds(self, begin: int, end: int) -> list[int]:
        return [begin, *(start for start in self._starts if begin < start < end), end]


def _joined(events: Sequence[Event]) -> tuple[str, _Times]:
    starts, times, length = [], [], 0
    parts = [event for event in events if event.kind == "o" and event.data]
    for event in parts:
        starts.append(length)
        times.append(event.time)
        length += len(event.data)
    return "".join(event.data for event in parts), _Times(starts, times)


def _pieces(text: str) -> list[tuple[str, int, int, int]]:
    """Each mark's kind, the offset where it begins, and the offsets of the text after it, up to the next."""
    marks = list(MARK.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [(mark[1], mark.start(), mark.end(), end) for mark, end in zip(marks, ends, strict=True)]


def _timed(text: str, times: _Times, begin: int, end: int, zero: float) -> tuple[Event, ...]:
    bounds = times.bounds(begin, end)
    pairs = zip(bounds, bounds[1:], strict=False)
    return tuple(
        Event(max(0.0, times.at(first) - zero), "o", data)
        for first, last in pairs
        if (data := _TITLE.sub("", text[first:last]))
    )
