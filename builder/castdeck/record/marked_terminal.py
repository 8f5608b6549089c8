"""A terminal whose shells and interpreters mark their prompts: what is sent to them, and what their marks say."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pexpect

from castdeck.cast.marks import Entered
from castdeck.marks import ACCEPTED, NEW_SHELL, NOT_A_LINE_EDITOR, READY, Marks, binary, pasted
from castdeck.record.inner import Level
from castdeck.record.outcome import Ended, More, NewShell, Outcome
from castdeck.record.witness import Witness

START_TIMEOUT = 30.0  # seconds, for what takes no time in a shell that is at its prompt
_KNOWN_BY = 12  # characters of an unseen line
_ALL = re.compile(rb".*\Z", re.DOTALL)


class NotAtPrompt(Exception):
    """A line was sent that no line editor took: the shell was not at the prompt that seemed to be its own."""


class Unmarked(Exception):
    """The shell is at a prompt without marks, and can't be made to mark."""


@dataclass
class MarkedTerminal:
    """`say` shows a text in the recording, if there is one. `levels` are the shells and interpreters that castdeck is
    in, the outermost first; they stay from block to block. `pid` and `status` are what the last mark told.
    """

    marks: Marks
    witness: Witness
    say: Callable[[str], None] | None = None
    levels: list[Level] = field(default_factory=list)
    process: Any = None
    pid: int = 0
    status: int = 0
    _lines: list[str] = field(default_factory=list)
    _opening: Level | None = None
    _is_plain: bool = False  # the shell that the last line was entered in
    _numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ends = [binary(self.marks.ended), binary(self.marks.more), binary(NEW_SHELL)]

    @property
    def level(self) -> Level:
        """Where castdeck is now."""
        return self.levels[-1] if self.levels else Level(self.pid, self.pid)

    def rest(self, seconds: float) -> None:
        """Let the command go on, and take nothing of what it shows."""
        with suppress(pexpect.TIMEOUT):
            self.process.expect([re.compile(rb"(?!)")], timeout=seconds)

    def has_shown_nothing(self, since: int) -> bool:
        """Whether the command has printed nothing more `since` it had printed so much; what has come is read first."""
        self.rest(0)
        return self.witness.printed == since

    def _send(self, text: str, level: Level | None = None) -> None:
        level = level or self.level
        self.witness.printed = 0
        if not level.accepts:
            self.process.send(pasted(text) if level.pastes else f"{text}\r")
            self._echoed()
            return
        lead = " " if level.language.unfinished and text.startswith(" ") else ""  # which fish takes off a paste
        self.process.send(lead + pasted(text.removeprefix(lead)))
        refused = [binary(NOT_A_LINE_EDITOR)] if text and NOT_A_LINE_EDITOR not in text else []
        try:
            if self.process.expect([binary(ACCEPTED), *refused], timeout=START_TIMEOUT):
                raise NotAtPrompt
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def _echoed(self) -> None:
        try:
            self.process.expect(rb"\r\n", timeout=START_TIMEOUT)
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def _open(self, level: Level) -> None:
        """Have a level mark; what it says then is still to be read by `_status`."""
        assert level.language.opening
        self._opening = level
        self._numbers.pop(self.pid, None)  # it may be another shell in the same process, after exec
        self._send(level.language.opening(self.marks, level.machine_pid), level)
        try:
            while self.process.expect(self.ends, timeout=START_TIMEOUT):
                pass
        except pexpect.TIMEOUT:
            raise Unmarked from None

    def _end_by_opening(self, level: Level, shown: bool) -> Ended:
        """Have a level mark that waits at its prompt, unseen: with that prompt the command before has ended."""
        assert level.language.opening
        self._open(level)
        opening = level.language.opening(self.marks, level.machine_pid)[:_KNOWN_BY]
        return self._end(self._status(), shown, opening=opening)

    def _end_by_mark(self, level: Level, drawn: str, shown: bool) -> Ended:
        """The command has ended with a prompt of a program that can't mark."""
        is_same = self.level.pid == level.pid
        self.status = int(is_same and level.language.fails(self.process.buffer.decode(errors="replace")))
        self._mark(self.marks.told(self.status, level.pid))
        if not is_same:
            self.levels.append(level)
        self.pid = level.pid
        return self._end(self.status, shown, drawn=drawn)

    def _mark(self, mark: str) -> None:
        """Put a mark into the recording behind what is shown, and be done with both."""
        if self.say:
            self.say(mark)
            self.process.expect(binary(re.compile(re.escape(mark))), timeout=START_TIMEOUT)
        else:
            self.process.expect(_ALL, timeout=START_TIMEOUT)

    def _told(self, index: int, shown: bool) -> Outcome:
        if index == 1:
            return More()
        if index == 2:
            said = self.process.match[1]
            self._end(int(said or 0), shown)
            del self.levels[:]
            return NewShell(int(said) if said else None)
        return self._end(self._status(), shown)

    def _status(self) -> int:
        """What the mark says that was just read."""
        output = self.process.before.decode(errors="replace")
        status, number, self.pid = (int(value) for value in self.process.match.groups())
        self.process.expect(binary(self.marks.prompt_end), timeout=START_TIMEOUT)
        is_same = self.level.pid == self.pid and not self._opening
        self._enter_level()
        is_new = number == 0 or self._numbers.get(self.pid) != number
        self._numbers[self.pid] = number
        was, self.status = self.status, status
        if is_same and self.level.language.fails(output):
            self.status = 1
            return self.status
        if is_new and number:
            return status
        if all(not line.strip() or line.strip().startswith("#") for line in self._lines):
            return 0 if status == was else status
        if is_new:
            return status
        return status or 1  # refused: an event that is not found, a syntax error

    def _enter_level(self) -> None:
        """Be in the level whose mark was read last: one level up, or one that was just made to mark."""
        known = next((number for number, level in enumerate(self.levels) if level.pid == self.pid), None)
        if known is not None:
            del self.levels[known + 1 :]
        if self._opening or known is None:
            opened = self._opening or Level(0, 0)
            del self.levels[known if known is not None else len(self.levels) :]
            self.levels.append(replace(opened, pid=self.pid, machine_pid=opened.machine_pid or self.pid))
        self._opening = None

    def _end(self, status: int, shown: bool, opening: str = "", drawn: str = "") -> Ended:
        self.witness.ended = time.monotonic()
        lines = tuple(self._lines) or ("",)
        at_once = self._gets_commands_whole and len(lines) > 1
        self.witness.entered.append(Entered(lines, status, shown, self._is_plain, opening, drawn, at_once))
        self._is_plain = not self.level.accepts
        del self._lines[:]
        return Ended(status)

    @property
    def _gets_commands_whole(self) -> bool:
        return self.level.language.unfinished is not None

    def _shown(self) -> str:
        """The end of what the command has shown."""
        shown: str = self.process.buffer[-1024:].decode(errors="replace")
        return shown

    def _is_mark_waiting(self) -> bool:
        """Whether the shell has said something that has not been read yet."""
        return any(end.search(self.process.buffer) for end in self.ends)

    def _is_line_editor_up(self) -> bool:
        return READY.encode() in self.process.buffer[-1024:]
