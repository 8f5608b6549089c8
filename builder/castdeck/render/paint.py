"""A cast as a deck shows it: the prompt quiet, the command bold in its colours, what is past dim.

The recording itself stays as it is: only the copy inside the page is painted. A program's own output keeps its colours.
What the deck colours has colours of its own, which css/terminal.css puts in the place of the theme's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from castdeck.cast.model import Cast, Event
from castdeck.cast.terminal import DRAWN_TOGETHER, VirtualTerminal, abridged
from castdeck.render.shell_roles import (
    COMMENT,
    INDENT,
    OPERATOR,
    OPTION,
    PLAIN,
    STRING,
    VARIABLE,
    role_lines,
    row_breaks_of,
)
from castdeck.render.shown_commands import ShownCommand

QUIET = "38;2;1;1;1"
OWN_COLOURS = {OPTION: "38;2;1;1;2", STRING: "38;2;1;1;3", OPERATOR: "38;2;1;1;4", VARIABLE: "38;2;1;1;5"}
DIM = "90"
AFTER_THE_STOP = 0.05  # seconds after a marker, where the player waits, until the past is dimmed
_PART = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b.|.", re.DOTALL)
_PROMPT = re.compile(r"[\w.-]+@[\w.-]+:(?P<folder>[^$#]*)(?P<sign>[$#] )")
_RESET = "\x1b[0m"


def short_prompt(prompt: str) -> str:
    """A prompt without user and computer, which are the same on every line: "$ ", or "~/notes $ "."""
    found = _PROMPT.fullmatch(prompt)
    if not found:
        return prompt
    return found["sign"] if found["folder"] == "~" else f"{found['folder']} {found['sign']}"


@dataclass(frozen=True)
class Painted:
    """A cast as it is played. `recorded` has each event's text in the recording, None for one that was added."""

    cast: Cast
    recorded: tuple[str | None, ...]


@lru_cache(maxsize=256)
def painted(cast: Cast, commands: tuple[ShownCommand, ...], cols: int, language: str = "bash") -> Painted:
    """The cast with its commands coloured. `commands` are those that its markers stand before, in
    `language`.

    What is typed goes on in the next row where `cols` columns end, not where the recording's did.
    """
    events = tuple(_events(cast, commands, cols, language))
    shown = Cast(cast.cols, cast.rows, tuple(event for event, _ in events), cast.title)
    return Painted(shown, tuple(text for _, text in events))


def _events(
    cast: Cast, commands: Sequence[ShownCommand], cols: int, language: str
) -> Iterator[tuple[Event, str | None]]:
    terminal = _Shown(cast)
    typed = _typed_texts(cast, commands)
    typing = _Typing("", cols, 0, language)
    dimming: Event | None = None
    for event in cast.events:
        if dimming and event.kind == "o":
            yield dimming._replace(time=min(event.time, dimming.time)), None
            dimming = None
        if event.kind == "m":
            dimming = None
            screen = terminal.screen()
            if screen and (written := _quiet_prompt(screen)):
                yield Event(event.time, "o", written), None
            yield event, event.data
            is_first = not typing.was_begun
            prompt = len(_up_to_the_cursor(screen)[-1]) if screen else 0
            typing = _Typing(next(typed), cols, prompt, language)
            if screen and not is_first and not screen.is_on_other_screen:
                dimming = Event(event.time + AFTER_THE_STOP, "o", _dimmed(screen, cast.cols))
            continue
        if event.kind != "o":
            yield event, event.data
            continue
        data = typing.paint(event.data)
        terminal.feed(data)
        yield event._replace(data=data), event.data
    last = terminal.screen() if typing.was_begun and typing.is_done else None
    if last and (written := _quiet_prompt(last)):
        yield Event(cast.duration, "o", written), None


class _Shown:
    """What a cast has shown so far. It is drawn when it is looked at; of much at once, the beginning and the end."""

    def __init__(self, cast: Cast) -> None:
        self._terminal = VirtualTerminal(cast.cols, cast.rows)
        self._waiting: list[str] = []
        self._left = DRAWN_TOGETHER

    def feed(self, shown: str) -> None:
        """Take output."""
        self._waiting.append(shown)

    def screen(self) -> VirtualTerminal | None:
        """The terminal; None where too much was drawn for it to be looked at so often."""
        start, _, end = abridged("".join(self._waiting))
        self._waiting = []
        self._left -= len(start + end)
        if self._left < 0:
            return None
        self._terminal.feed(start + end)
        return self._terminal if self._terminal.can_be_copied() else None


def _typed_texts(cast: Cast, commands: Sequence[ShownCommand]) -> Iterator[str]:
    """What is typed after each marker, or "" where the recording echoes something else."""
    shown: list[list[str]] = []
    for event in cast.events:
        if event.kind == "m":
            shown.append([])
        elif shown and event.kind == "o":
            shown[-1].append(event.data)
    for number, echo in enumerate(shown):
        typed = commands[number].typed if number < len(commands) else ""
        yield typed if _is_echoed(typed, "".join(echo), cast.cols) else ""


def _is_echoed(typed: str, echo: str, cols: int) -> bool:
    """Whether these lines are echoed; readline writes more where a line goes on in the terminal's next row."""
    lines, written = typed.split("\n"), echo.split("\n")
    if len(written) < len(lines):
        return False
    for line, row in zip(lines, written, strict=False):
        keys = [part for part in _PART.findall(row) if len(part) == 1 and not part.isspace()]
        wanted = [key for key in line if not key.isspace()]
        rest = iter(keys)
        if keys[-len(wanted) :] != wanted and (len(line) < cols / 2 or not all(key in rest for key in wanted)):
            return False
    return True


class _Typing:
    """Paints the keys of one command as they are echoed; what comes after its last line stays as it is."""

    def __init__(self, typed: str, cols: int, prompt: int, language: str) -> None:
        self._lines = role_lines(typed, language) if typed else []
        self._breaks = [frozenset(breaks) for breaks in row_breaks_of(self._lines, cols, prompt)]
        self._place = 0
        self._role: str | None = None
        self.was_begun = bool(typed)

    @property
    def is_done(self) -> bool:
        return not self._lines

    def paint(self, data: str) -> str:
        parts = _PART.findall(data) if self._lines else []
        shown: list[str] = []
        for number, part in enumerate(parts):
            if not self._lines:
                return "".join((*shown, *parts[number:]))
            line = self._lines[0]
            if part == "\n":
                self._lines.pop(0)
                self._breaks.pop(0)
                self._place, self._role = 0, None
                shown.append(f"{_RESET}\r\n")
                if self._lines:
                    return "".join((*shown, f"\x1b[{QUIET}m", *parts[number + 1 :], _RESET))
            elif self._place < len(line) and line[self._place][0] == part:
                role = line[self._place][1]
                if self._place in self._breaks[0]:
                    shown.append(f"\r\n{INDENT}")
                shown.append(part if role == self._role else f"\x1b[{_sgr(role)}m{part}")
                self._place, self._role = self._place + 1, role
        return "".join(shown) if parts else data


def _sgr(role: str) -> str:
    if role == COMMENT:
        return f"0;3;{QUIET}"
    return "0;1" if role == PLAIN else f"0;1;{OWN_COLOURS[role]}"


def _quiet_prompt(terminal: VirtualTerminal) -> str:
    """The prompt that the cursor stands behind, written once more; drawn on the terminal, too."""
    prompt = _up_to_the_cursor(terminal)[-1]
    if not prompt.strip() or terminal.is_on_other_screen:
        return ""
    written = f"\r\x1b[K\x1b[{QUIET}m{short_prompt(prompt)}{_RESET}"
    terminal.feed(written)
    return written


def _dimmed(terminal: VirtualTerminal, cols: int) -> str:
    """All that stands above the prompt, written once more without colours. It needs no rows: it scrolls as it did."""
    *past, prompt = _up_to_the_cursor(terminal)
    lines = "".join(f"{line.rstrip()[:cols]}\r\n" for line in past)
    return f"{_RESET}\x1b[H\x1b[2J\x1b[{DIM}m{lines}\x1b[{QUIET}m{prompt}{_RESET}"


def _up_to_the_cursor(terminal: VirtualTerminal) -> list[str]:
    """The screen's lines, the last one up to the cursor."""
    lines = terminal.lines
    row, length = divmod(terminal.cursor, len(lines[0]))
    return [*lines[:row], lines[row][:length]]
