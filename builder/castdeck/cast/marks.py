"""Finds the commands in a raw recording by the shell's marks, and removes the marks."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from castdeck.cast.model import Event
from castdeck.marks import ACCEPTED, ANY_MARK, NEW_SHELL, READY, Marks

_TITLE = r"\x1b\][012];[^\x07\x1b]*(?:\x07|\x1b\\)"
_OPEN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[P\]X^_][^\x07\x1b]*)?\Z")
_NEWLINE = "\r\n"
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_SHOWN = re.compile(rf"{_SEQUENCE.pattern}|.", re.DOTALL)
_REDRAWN = "\x1b[1G\x1b[0J"  # what Node's line editor does before each prompt
_NO_LINE_END = r"(?:(?<=\n)|(?<=\x07)|(?<=\x1b\[m))\x1b\[2m⏎\x1b\(B\x1b\[m +\r⏎ \r\x1b\[K"
"""By which fish sees to it that its prompt begins a line, where the output's last line has ended anyway."""
_FISHS_RESET = r"\x1b\[30m\x1b\(B\x1b\[m"
_PLAIN_WORD = re.compile(r"\s*([!-~]{1,8})")
_JOB = re.compile(r"^\[\d+\][+ -] .*\r?\n", re.MULTILINE)


@dataclass(frozen=True)
class RecordedCommand:
    """One command of a recording.

    `prompt` is the shell's prompt before it; `typed` the echo of each line, with continuation prompts in between;
    `output` its output, timed in seconds from its start; `seconds` its duration; `status` its exit status.
    """

    prompt: str
    typed: tuple[str, ...]
    output: tuple[Event, ...]
    seconds: float
    status: int


@dataclass(frozen=True)
class RecordedSession:
    """The commands of a recording, and the prompt after the last one."""

    commands: tuple[RecordedCommand, ...]
    prompt: str


@dataclass(frozen=True)
class Entered:
    """What the recorder entered at one prompt: its lines, and the exit status.

    Unless it is `shown` (as empty lines and castdeck's own commands are not), it is cut from the recording. In a
    `plain` shell, lines are echoed by the terminal instead of a line editor. `opening` is the beginning of a hidden
    line that set up the marks afterwards; `drawn` is the prompt of a program that can't mark, after which the recorder
    put marks. `at_once`: its lines were entered as one.
    """

    lines: tuple[str, ...] = ("",)
    status: int = 0
    shown: bool = False
    plain: bool = False
    opening: str = ""
    drawn: str = ""
    at_once: bool = False


class NotFound(ValueError):
    """The recording lacks the marks of something that was entered."""


def read_commands(events: Sequence[Event], marks: Marks, entered: Sequence[Entered]) -> RecordedSession:
    """Split raw output events into the entered commands, in order. Raises NotFound."""
    text, times = _joined(events)
    text, times = _without(text, times, marks)
    commands: list[RecordedCommand] = []
    prompt, jobs, place = "", "", 0
    for one in entered:
        accepted, token = _accepted(text, place, one, marks)
        ended = _end(text, accepted[-1], marks)
        shown_from = text.rfind(marks.prompt_end, place, accepted[0]) + len(marks.prompt_end)
        typed = _typed(text, max(place, shown_from), accepted, one, marks)
        began = accepted[-1] + len(token)
        if not text.endswith(_NEWLINE, place, accepted[-1]) and text.startswith(_NEWLINE, began) and not one.plain:
            began += len(_NEWLINE)  # zsh starts a new line only then
        if (starts := text.find(marks.output_begin, began, ended.start())) >= 0:
            began = starts + len(marks.output_begin)
        is_prompt = not NEW_SHELL.match(ended[0])
        last = max(began, text.rfind(ACCEPTED, began, ended.start()))
        drawn = text.rfind(READY, last, ended.start()) if is_prompt else -1
        finished = drawn if drawn >= 0 else ended.start()
        before_prompt = finished
        if text.endswith(_REDRAWN, began, finished):
            finished -= len(_REDRAWN)
        if one.opening:
            finished = _unmarked_prompt(text, began, text.find(one.opening, began, ended.start()))
        elif one.drawn and drawn < 0:
            finished = before_prompt = max(began, text.rfind(one.drawn, began, ended.start()))
        if one.shown:
            if not _is_echo_of(text[max(place, shown_from) : accepted[0]], one.lines[0]):
                raise NotFound("what the shell shows is not the line that was entered")
            output = _timed(text, times, began, finished, times.at(accepted[-1]))
            seconds = times.at(finished if one.opening or one.drawn else ended.start()) - times.at(accepted[-1])
            commands.append(RecordedCommand(jobs + prompt, typed, output, seconds, one.status))
            jobs = ""
        else:
            jobs += "".join(_JOB.findall(_plain(text[began:finished])))
        place = ended.end()
        if is_prompt:
            end = text.find(marks.prompt_end, place)
            prompt = _plain(text[before_prompt : ended.start()]) + _plain(text[place : end if end >= 0 else None])
            place = max(place, end + len(marks.prompt_end))
    return RecordedSession(tuple(commands), jobs + prompt)


def _accepted(text: str, place: int, entered: Entered, marks: Marks) -> tuple[list[int], str]:
    """Where the echo of each line ends, and the token that ends it."""
    token = _NEWLINE if entered.plain else ACCEPTED
    found: list[int] = []
    for line in ("\n".join(entered.lines),) if entered.at_once else entered.lines:
        place = text.find(token, _echoed(text, place, line, marks) if entered.plain else place)
        if place < 0:
            raise NotFound("a line that was entered is missing")
        found.append(place)
        place += len(token)
    return found, token


def _echoed(text: str, place: int, line: str, marks: Marks) -> int:
    """Where all of a line has been echoed, over several rows maybe; `place` where the echo is another."""
    ended = marks.ended.search(text, place)
    wanted = iter("".join(line.split()))
    next_one = next(wanted, "")
    for shown in _SHOWN.finditer(text, place, ended.start() if ended else len(text)):
        if not next_one:
            return shown.start()
        if shown[0] == next_one:
            next_one = next(wanted, "")
    return place


def _is_echo_of(shown: str, line: str) -> bool:
    """Whether the echo begins like the line, as far as the first word is plain ASCII."""
    begins = _PLAIN_WORD.match(line)
    return not begins or begins[1] in _CONTROL.sub("", _SEQUENCE.sub("", _plain(shown)))


def _unmarked_prompt(text: str, begin: int, opening: int) -> int:
    """Where the prompt begins at which a shell's marks were set up: bash sends READY before it, zsh after it."""
    ready = text.rfind(READY, begin, opening)
    if ready >= 0 and _SEQUENCE.sub("", text[ready:opening]):
        return ready
    return max(begin, text.rfind("\n", begin, opening) + 1)


def _end(text: str, place: int, marks: Marks) -> re.Match[str]:
    ends = [end for end in (marks.ended.search(text, place), NEW_SHELL.search(text, place)) if end]
    if not ends:
        raise NotFound("a command that has no end")
    return min(ends, key=lambda end: end.start())


def _typed(text: str, begin: int, accepted: Sequence[int], entered: Entered, marks: Marks) -> tuple[str, ...]:
    """Each line with the continuation prompt after it.

    Uses the lines as entered: the echo of a line that wraps is full of cursor movements.
    """
    if entered.at_once:
        return tuple(f"{_visible(line)}{_NEWLINE}" for line in entered.lines)
    lines: list[str] = []
    for end, line in zip(accepted, entered.lines, strict=True):
        shown = _visible(line)
        before, more, _ = text[begin:end].rpartition(marks.more)
        if lines:
            lines[-1] += (
                _plain(before).removeprefix(_NEWLINE).removeprefix(_REDRAWN)
                if more
                else _plain(text[begin:end]).removesuffix(_NEWLINE).removesuffix(shown)
            )
        lines.append(shown + _NEWLINE)
        begin = end + len(_NEWLINE if entered.plain else ACCEPTED)
    return tuple(lines)


def _visible(line: str) -> str:
    return _CONTROL.sub(lambda found: f"^{chr(ord(found[0]) ^ 64)}", line)


def _plain(text: str) -> str:
    return ANY_MARK.sub("", text).replace(READY, "").replace(ACCEPTED, "")


class _Times:
    def __init__(self, starts: list[int], times: list[float]) -> None:
        self.starts, self.times = starts, times

    def at(self, offset: int) -> float:
        return self.times[max(0, bisect_right(self.starts, offset) - 1)] if self.times else 0.0

    def bounds(self, begin: int, end: int) -> list[int]:
        return [begin, *(start for start in self.starts if begin < start < end), end]


def _joined(events: Sequence[Event]) -> tuple[str, _Times]:
    starts, times, length = [], [], 0
    parts = [event for event in events if event.kind == "o" and event.data]
    for event in parts:
        starts.append(length)
        times.append(event.time)
        length += len(event.data)
    return "".join(event.data for event in parts), _Times(starts, times)


def _without(text: str, times: _Times, marks: Marks) -> tuple[str, _Times]:
    """Remove window titles, foreign marks, and our own marks as spelled out by a command that prints PS1."""
    unwanted = re.compile(f"{_TITLE}|{_NO_LINE_END}|{_FISHS_RESET}|{marks.spelled.pattern}|{ANY_MARK.pattern}")
    found = [match for match in unwanted.finditer(text) if not marks.own.fullmatch(match[0])]
    if not found:
        return text, times
    kept, removed, place, starts = list[str](), 0, 0, list[int]()
    remaining = iter(found)
    following = next(remaining, None)
    for start in times.starts:
        while following and following.end() <= start:
            removed += following.end() - following.start()
            following = next(remaining, None)
        inside = max(0, start - following.start()) if following and following.start() < start else 0
        starts.append(start - removed - inside)
    for match in found:
        kept.append(text[place : match.start()])
        place = match.end()
    return "".join([*kept, text[place:]]), _Times(starts, times.times)


def _timed(text: str, times: _Times, begin: int, end: int, zero: float) -> tuple[Event, ...]:
    end -= len(found[0]) if (found := _OPEN.search(text[begin:end])) else 0
    bounds = times.bounds(begin, end)
    pairs = zip(bounds, bounds[1:], strict=False)
    return tuple(
        Event(max(0.0, times.at(first) - zero), "o", data)
        for first, last in pairs
        if (data := _plain(text[first:last]))
    )
