"""The shell on a machine's terminal: lines are entered, and its marks and the kernel tell what becomes of them."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pexpect

from castdeck.cast.marks import Entered
from castdeck.errors import MachineError
from castdeck.linear import linear
from castdeck.machine.waits import Look
from castdeck.marks import ACCEPTED, NEW_SHELL, NOT_A_LINE_EDITOR, READY, Marks, binary, pasted, without_marks
from castdeck.record.inner import BASH, Kind, Level, inner_shell
from castdeck.record.outcome import Ended, More, NewShell, Outcome, Waits
from castdeck.record.witness import Witness

_START_TIMEOUT = 30.0  # seconds, for what takes no time in a shell that is at its prompt
_FRESH_TIMEOUT = 2.0  # for a prompt with marks after Enter; else it is given them
_SLICE = 0.25
_KEY_SLICE = 0.1
_STILL = 0.25  # seconds without output before keys are pressed
_READY_TIMEOUT = 10.0  # after which they are, whatever the kernel says
_FIRST_LOOK = 0.4  # seconds of silence, where a line editor has come up
_NEXT_LOOK = 1.5  # where none has; each later look waits twice as long


class NotAtPrompt(Exception):
    """A line was sent that no line editor took: the shell was not at the prompt that seemed to be its own."""


class Unmarked(Exception):
    """The shell is at a prompt without marks, and can't be made to mark."""


@dataclass
class Shell:
    """`looks` looks at the terminal of the shell with that process id; `is_complete` tells whether a text is a whole
    command; both may raise MachineError. `resize` gives the terminal of a machine that was started anew its size.
    `levels` are the shells that castdeck is in, the outermost first; they stay from block to block.
    """

    marks: Marks
    witness: Witness
    looks: Callable[[int], Look]
    is_complete: Callable[[str], bool]
    resize: Callable[[], object] = bool
    levels: list[Level] = field(default_factory=list)
    process: Any = None
    pid: int = 0
    status: int = 0
    _lines: list[str] = field(default_factory=list)
    _opening: tuple[Kind, int] | None = None
    _is_plain: bool = False  # the shell that the last line was entered in
    _numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ends = [binary(self.marks.ended), binary(self.marks.more), binary(NEW_SHELL)]

    @property
    def is_amid_command(self) -> bool:
        """Whether lines of a command have been entered that is not complete."""
        return bool(self._lines)

    def begin(self) -> None:
        """Have a fresh prompt shown, with marks. Raises NotAtPrompt and Unmarked."""
        self._is_plain = self._kind.plain
        self._send("")
        try:
            self._told(self.process.expect(self._ends, timeout=_FRESH_TIMEOUT), shown=False)
        except pexpect.TIMEOUT:
            if not self._is_line_editor_up():
                raise NotAtPrompt from None
            self.rest(_STILL)
            if self._is_mark_waiting():  # it only came late
                self._told(self.process.expect(self._ends, timeout=_FRESH_TIMEOUT), shown=False)
                self.witness.started = time.monotonic()
                return
            self._open(self._kind)
            self._end(self._status(), shown=False, remarked=True)
        self.witness.started = time.monotonic()

    def stays_ended(self, timeout: float) -> bool:
        """Whether the shell is at its prompt indeed, and the last status is the one that its marks told."""
        told = (self.pid, self._numbers.get(self.pid), self.status)
        ended = self.witness.ended
        self._is_plain = self._kind.plain
        self._send("")
        outcome = self.outcome(timeout)
        self.witness.ended = ended
        return isinstance(outcome, Ended) and told == (self.pid, self._numbers.get(self.pid), self.status)

    def enter(self, text: str) -> None:
        """Enter a line, and return once the shell has taken it. Raises NotAtPrompt."""
        self._is_plain = self._kind.plain
        self._lines.append(text)
        self._send(text)

    def outcome(self, timeout: float, patient: bool = False, shown: bool = False) -> Outcome:
        """Wait for what becomes of the command. Raises pexpect.TIMEOUT after `timeout` seconds, and Unmarked.

        While nothing is shown, the kernel is asked; a program that waits for keys is `patient`ly waited for.
        """
        deadline = time.monotonic() + timeout
        printed, still_since, next_look = -1, time.monotonic(), _NEXT_LOOK
        while True:
            left = deadline - time.monotonic()
            try:
                index = self.process.expect(self._ends, timeout=max(0.0, min(_SLICE, left)))
                return self._told(index, shown)
            except pexpect.TIMEOUT:
                if left <= 0:
                    raise
            if self.witness.printed != printed:
                printed, still_since = self.witness.printed, time.monotonic()
                next_look = _FIRST_LOOK if self._is_line_editor_up() else _NEXT_LOOK
            elif time.monotonic() - still_since > next_look:
                if found := self._seen(patient, shown):
                    return found
                next_look = max(_NEXT_LOOK, 2 * next_look)

    def open(self) -> None:
        """Have the outermost shell, which is at its prompt, mark from the next one on: unseen. Raises Unmarked."""
        del self.levels[:]
        self._open(BASH)
        self._status()

    def _open(self, kind: Kind, machine_pid: int = 0) -> None:
        """Have the shell mark; what it says then is still to be read by `_status`."""
        self._opening = (kind, machine_pid)
        self._numbers.pop(self.pid, None)  # it may be another shell in the same process, after exec
        self._send(kind.opening(self.marks), kind)
        try:
            while self.process.expect(self._ends, timeout=_START_TIMEOUT):
                pass
        except pexpect.TIMEOUT:
            raise Unmarked from None

    def open_new(self, *, has_booted: bool = False) -> None:
        """Have a shell mark that has only been started. Raises Unmarked, and NotAtPrompt when it is the one before.

        In a machine that has booted it may have the same process id as the one before.
        """
        before = -1 if has_booted else self.pid
        try:
            self.process.expect(binary(READY), timeout=_START_TIMEOUT)
        except pexpect.TIMEOUT:
            raise Unmarked from None
        self._open(BASH)
        status = self._status()
        if self.pid == before:  # what announced it was printed by a command
            raise NotAtPrompt
        self._end(status, shown=False)
        self.resize()

    def new_shell(self, timeout: float) -> NewShell:
        """Wait until another shell is announced. Raises pexpect.TIMEOUT."""
        self.process.expect(binary(NEW_SHELL), timeout=timeout)
        said = self.process.match[1]
        return NewShell(int(said) if said else None)

    def is_ready_for_keys(self, is_signal: bool) -> bool:
        """Wait until the command has come to rest: nothing is shown, and a program waits for keys.

        A key that is a signal needs no program that waits. False when the command has ended.
        """
        deadline = time.monotonic() + _READY_TIMEOUT
        still_since, printed = time.monotonic(), -1
        while time.monotonic() < deadline:
            self.rest(_KEY_SLICE)
            if any(end.search(self.process.buffer, max(0, len(self.process.buffer) - 4096)) for end in self._ends):
                return False
            if self.witness.printed != printed:
                printed, still_since = self.witness.printed, time.monotonic()
            elif time.monotonic() - still_since >= _STILL:
                if self._takes_keys(is_signal):
                    return True
                still_since = time.monotonic()
        return True

    def in_front(self) -> str:
        """What runs on the terminal now: its name; "" if nobody knows, or the shell does."""
        try:
            names = [one.name for one in self.looks(self._machine_pid).front if one.pid != self._machine_pid]
        except MachineError:
            return ""
        return names[-1] if names else ""

    def rest(self, seconds: float) -> None:
        """Let the command go on, and take nothing of what it shows."""
        with suppress(pexpect.TIMEOUT):
            self.process.expect([re.compile(rb"(?!)")], timeout=seconds)

    def shows(self, pattern: str, timeout: float) -> bool:
        """Wait until the command shows what matches; False when it ends before. Raises pexpect.TIMEOUT."""
        wanted = [linear(pattern.encode(), dot_is_all=True), *self._ends]
        return bool(self.process.expect_list(wanted, timeout=timeout) == 0)

    def _takes_keys(self, is_signal: bool) -> bool:
        try:
            look = self.looks(self._machine_pid)
        except MachineError:
            return True
        if is_signal:
            return not look.is_at_shell
        return look.waiting is not None and not look.is_at_shell

    def _send(self, text: str, kind: Kind | None = None) -> None:
        self.witness.printed = 0
        if (kind or self._kind).plain:
            self.process.send(f"{text}\r")
            self._echoed()
            return
        self.process.send(pasted(text))
        refused = [binary(NOT_A_LINE_EDITOR)] if text and NOT_A_LINE_EDITOR not in text else []
        try:
            if self.process.expect([binary(ACCEPTED), *refused], timeout=_START_TIMEOUT):
                raise NotAtPrompt
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def _echoed(self) -> None:
        try:
            self.process.expect(rb"\r\n", timeout=_START_TIMEOUT)
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def _last_line(self) -> str:
        return without_marks(self.process.buffer[-1024:].decode(errors="replace")).rpartition("\n")[2]

    @property
    def _level(self) -> Level:
        return self.levels[-1] if self.levels else Level(self.pid, self.pid, BASH)

    @property
    def _kind(self) -> Kind:
        return self._level.kind

    @property
    def _machine_pid(self) -> int:
        return self._level.machine_pid

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
        status, number, self.pid = (int(value) for value in self.process.match.groups())
        self.process.expect(binary(self.marks.prompt_end), timeout=_START_TIMEOUT)
        self._enter_level()
        is_new = number == 0 or self._numbers.get(self.pid) != number
        self._numbers[self.pid] = number
        was, self.status = self.status, status
        if is_new and number:
            return status
        if all(not line.strip() or line.strip().startswith("#") for line in self._lines):
            return 0 if status == was else status
        if is_new:
            return status
        return status or 1  # refused: an event that is not found, a syntax error

    def _enter_level(self) -> None:
        """Be in the shell whose mark was read last: one level up, or one that was just made to mark."""
        kind, machine_pid = self._opening or (BASH, 0)
        known = next((number for number, level in enumerate(self.levels) if level.pid == self.pid), None)
        if known is not None:
            del self.levels[known + 1 :]
        if self._opening or known is None:
            del self.levels[known if known is not None else len(self.levels) :]
            self.levels.append(Level(self.pid, machine_pid or self.pid, kind))
        self._opening = None

    def _end(self, status: int, shown: bool, remarked: bool = False) -> Ended:
        self.witness.ended = time.monotonic()
        self.witness.entered.append(Entered(tuple(self._lines) or ("",), status, shown, remarked, self._is_plain))
        self._is_plain = self._kind.plain
        del self._lines[:]
        return Ended(status)

    def _is_mark_waiting(self) -> bool:
        """Whether the shell has said something that has not been read yet."""
        return any(end.search(self.process.buffer) for end in self._ends)

    def _is_line_editor_up(self) -> bool:
        return READY.encode() in self.process.buffer[-1024:]

    def _seen(self, patient: bool, shown: bool) -> Outcome | None:
        try:
            look = self.looks(self._machine_pid)
            self.rest(_KEY_SLICE)  # what was shown meanwhile
            if self._is_mark_waiting():
                return None
            inner = None if patient else inner_shell(look, self._last_line(), self._level)
            if inner:
                program, kind = inner
                self._open(kind, program.pid)
                return self._end(self._status(), shown, remarked=True)
            if look.is_at_shell:
                if not self._is_line_editor_up():
                    return None
                if not self.is_complete("\n".join(self._lines)):
                    return More()
                self.rest(_KEY_SLICE)
                if self._is_mark_waiting():
                    return None
                self._open(self._kind, self._machine_pid)  # another PS1
                return self._end(self._status(), shown, remarked=True)
        except MachineError:
            return None  # the machine may be about to start anew, or the shell be gone
        return Waits(look.waiting) if look.waiting and not patient else None
