"""The shell on a machine's terminal: lines are entered, and its marks and the kernel tell what becomes of them."""

import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pexpect

from castdeck.cast.marks import Entered
from castdeck.errors import MachineError
from castdeck.machine.waits import Look
from castdeck.marks import ACCEPTED, NEW_SHELL, NOT_A_LINE_EDITOR, READY, Marks, binary, last_line, pasted
from castdeck.record.inner import Level, inner_level, is_at_prompt
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.shells import BASH
from castdeck.record.languages.table import may_speak
from castdeck.record.languages.unmarked import unmarked_prompt
from castdeck.record.load import Load
from castdeck.record.outcome import Ended, More, NewShell, Outcome, Waits
from castdeck.record.witness import Witness

_START_TIMEOUT = 30.0  # seconds, for what takes no time in a shell that is at its prompt
_FRESH_TIMEOUT = 2.0  # for a prompt with marks after Enter; else it is given them
_SLICE = 0.05
_SETTLED = 0.1  # seconds in which a mark arrives that was written before the kernel was asked
_STILL = 0.25  # seconds without output before keys are pressed
_PATIENCE = 20.0  # seconds of silence after the author's keys, in which a program may wait for more
_PROMPT_LOOK = 0.04  # seconds of silence, where the last line ends like a prompt
_KNOWN_BY = 12  # characters of an unseen line
_FIRST_LOOK = 0.4  # where a line editor has come up
_NEXT_LOOK = 1.5  # where none has; each later look waits twice as long
_BUSY = 4  # times as long, while the machine works: a look starts programs in it


_ALL = re.compile(rb".*\Z", re.DOTALL)


class NotAtPrompt(Exception):
    """A line was sent that no line editor took: the shell was not at the prompt that seemed to be its own."""


class Unmarked(Exception):
    """The shell is at a prompt without marks, and can't be made to mark."""


@dataclass
class Shell:
    """`looks` looks at the terminal of the shell with that process id; `is_complete` tells whether a text is a whole
    command; both may raise MachineError. `resize` gives the terminal of a machine that was started anew its size.
    `load` is the machine's. `say` shows a text in the recording, if there is one. `levels` are the shells and
    interpreters that castdeck is in, the outermost first; they stay from block to block. `own` is the language of the
    session's own shell.
    """

    marks: Marks
    witness: Witness
    looks: Callable[[int], Look]
    is_complete: Callable[[ReplLanguage, str], bool]
    resize: Callable[[], object] = bool
    load: Load = field(default_factory=lambda: Load(lambda: None))
    say: Callable[[str], None] | None = None
    own: ReplLanguage = BASH
    levels: list[Level] = field(default_factory=list)
    process: Any = None
    pid: int = 0
    status: int = 0
    _lines: list[str] = field(default_factory=list)
    _opening: Level | None = None
    _is_held_back: bool = False  # lines that are sent once their command is whole
    _is_plain: bool = False  # the shell that the last line was entered in
    _numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ends = [binary(self.marks.ended), binary(self.marks.more), binary(NEW_SHELL)]

    @property
    def is_amid_command(self) -> bool:
        """Whether lines of a command have been entered that is not complete."""
        return bool(self._lines)

    def begin(self) -> None:
        """Have a fresh prompt shown, with marks. Raises NotAtPrompt and Unmarked."""
        self._is_plain = not self.level.accepts
        self._send("")
        if self.level.language.opening is None:
            self._begin_without_marks()
        else:
            self._begin_with_marks()
        self.witness.started = time.monotonic()

    def _begin_with_marks(self) -> None:
        try:
            self._told(self.process.expect(self.ends, timeout=_FRESH_TIMEOUT), shown=False)
        except pexpect.TIMEOUT:
            if not self._is_line_editor_up():
                raise NotAtPrompt from None
            self.rest(_STILL)
            if self._is_mark_waiting():  # it only came late
                self._told(self.process.expect(self.ends, timeout=_FRESH_TIMEOUT), shown=False)
                return
            self._end_by_opening(self.level, shown=False)

    def _begin_without_marks(self) -> None:
        try:
            self.outcome(_START_TIMEOUT)
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def stays_ended(self, timeout: float) -> bool:
        """Whether the shell is at its prompt indeed, and the last status is the one that its marks told."""
        told = self._told_last()
        ended = self.witness.ended
        self._is_plain = not self.level.accepts
        self._send("")
        outcome = self.outcome(timeout)
        self.witness.ended = ended
        return isinstance(outcome, Ended) and told == self._told_last()

    def _told_last(self) -> tuple[int, int | None, int]:
        return self.pid, self._numbers.get(self.pid), self.status if self.level.language.is_shell else 0

    def enter(self, text: str) -> None:
        """Enter a line, and return once the shell has taken it. Raises NotAtPrompt."""
        self._is_plain = not self.level.accepts
        self._lines.append(text)
        if self._gets_commands_whole:
            text = "\n".join(self._lines)
            self._is_held_back = not self.is_complete(self.level.language, text)
            if self._is_held_back:
                return
        self._send(text)

    @property
    def _gets_commands_whole(self) -> bool:
        return self.level.language.unfinished is not None

    def outcome(self, timeout: float, patient: bool = False, shown: bool = False, is_inside: bool = False) -> Outcome:
        """Wait for what becomes of the command. Raises pexpect.TIMEOUT after `timeout` seconds, and Unmarked.

        While nothing is shown, the kernel is asked. A program that waits for keys is `patient`ly waited for, for 20
        seconds of silence. Where the author says that the command leads inside another program (`is_inside`), that may
        be one that is not known.
        """
        if self._is_held_back:
            self._is_held_back = False
            return More()
        deadline = time.monotonic() + timeout
        printed, still_since, next_look = -1, time.monotonic(), _NEXT_LOOK
        while True:
            left = deadline - time.monotonic()
            try:
                index = self.process.expect(self.ends, timeout=max(0.0, min(_SLICE, left)))
                return self._told(index, shown)
            except pexpect.TIMEOUT:
                if left <= 0:
                    raise
            is_still, is_busy = self.witness.printed == printed, self.load.is_high()
            if self.level.language.opening is None and (found := self._at_unmarked_prompt(is_still, shown)):
                return found
            if not is_still:
                printed, still_since = self.witness.printed, time.monotonic()
                next_look = self._first_look(is_inside)
            if time.monotonic() - still_since > next_look * (_BUSY if is_busy else 1):
                patient = patient and time.monotonic() - still_since < _PATIENCE
                if found := self._seen(patient, shown, is_inside):
                    return found
                next_look = max(_NEXT_LOOK, 2 * next_look)

    def _first_look(self, is_inside: bool) -> float:
        """After how many seconds of silence the kernel is asked."""
        if is_at_prompt(self._shown()):
            return 0 if self._is_line_editor_up() else _PROMPT_LOOK
        return _FIRST_LOOK if self._is_line_editor_up() or is_inside else _NEXT_LOOK

    def open(self, language: ReplLanguage = BASH) -> None:
        """Have the outermost shell, which is at its prompt, mark from the next one on: unseen. Raises Unmarked."""
        del self.levels[:]
        self._open(Level(0, 0, language))
        self._status()

    def _open(self, level: Level) -> None:
        """Have a level mark; what it says then is still to be read by `_status`."""
        assert level.language.opening
        self._opening = level
        self._numbers.pop(self.pid, None)  # it may be another shell in the same process, after exec
        self._send(level.language.opening(self.marks, level.machine_pid), level)
        try:
            while self.process.expect(self.ends, timeout=_START_TIMEOUT):
                pass
        except pexpect.TIMEOUT:
            raise Unmarked from None

    def _end_by_opening(self, level: Level, shown: bool) -> Ended:
        """Have a level mark that waits at its prompt, unseen: with that prompt the command before has ended."""
        assert level.language.opening
        self._open(level)
        opening = level.language.opening(self.marks, level.machine_pid)[:_KNOWN_BY]
        return self._end(self._status(), shown, opening=opening)

    def open_new(self, *, has_booted: bool = False) -> None:
        """Have a shell mark that has only been started. Raises Unmarked, and NotAtPrompt when it is the one before.

        In a machine that has booted it may have the same process id as the one before.
        """
        before = -1 if has_booted else self.pid
        try:
            self.process.expect(binary(READY), timeout=_START_TIMEOUT)
        except pexpect.TIMEOUT:
            raise Unmarked from None
        self._open(Level(0, 0))
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

    def look(self) -> Look:
        """What runs on the terminal, as the kernel tells. Raises MachineError."""
        return self.looks(self.level.machine_pid)

    def rest(self, seconds: float) -> None:
        """Let the command go on, and take nothing of what it shows."""
        with suppress(pexpect.TIMEOUT):
            self.process.expect([re.compile(rb"(?!)")], timeout=seconds)

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
            if self.process.expect([binary(ACCEPTED), *refused], timeout=_START_TIMEOUT):
                raise NotAtPrompt
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def _echoed(self) -> None:
        try:
            self.process.expect(rb"\r\n", timeout=_START_TIMEOUT)
        except pexpect.TIMEOUT:
            raise NotAtPrompt from None

    def _shown(self) -> str:
        """The end of what the command has shown."""
        shown: str = self.process.buffer[-1024:].decode(errors="replace")
        return shown

    @property
    def level(self) -> Level:
        """Where castdeck is now."""
        return self.levels[-1] if self.levels else Level(self.pid, self.pid)

    def started_unseen(self) -> None:
        """What castdeck is in now was started by itself, for a block in its language."""
        self.levels[-1] = replace(self.level, is_unseen=True)

    def _at_unmarked_prompt(self, is_still: bool, shown: bool) -> Outcome | None:
        """What the prompt says of a program that can't mark, once it waits at one: the mark is put there."""
        prompt = unmarked_prompt(self._shown(), self.level.language)
        if not prompt or not (self._is_line_editor_up() if self.level.accepts else is_still and self._waits()):
            return None
        if prompt.is_more:
            self._mark(self.marks.more)
            return More()
        return self._end_by_mark(self.level, prompt.drawn, shown)

    def _waits(self) -> bool:
        try:
            look = self.look()
        except MachineError:
            return False
        return any(one and one.pid == self.level.machine_pid for one in (look.waiting, look.inner))

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
            self.process.expect(binary(re.compile(re.escape(mark))), timeout=_START_TIMEOUT)
        else:
            self.process.expect(_ALL, timeout=_START_TIMEOUT)

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
        self.process.expect(binary(self.marks.prompt_end), timeout=_START_TIMEOUT)
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

    def _is_mark_waiting(self) -> bool:
        """Whether the shell has said something that has not been read yet."""
        return any(end.search(self.process.buffer) for end in self.ends)

    def _is_line_editor_up(self) -> bool:
        return READY.encode() in self.process.buffer[-1024:]

    def _seen(self, patient: bool, shown: bool, is_inside: bool) -> Outcome | None:
        try:
            look = self.look()
            self.rest(0)  # what was shown meanwhile
            if self._is_mark_waiting():
                return None
            inner = inner_level(look, self._shown(), self.level, is_inside)
            if inner and inner.language.opening:
                return self._end_by_opening(inner, shown)
            if inner:
                return self._end_by_mark(inner, last_line(self._shown()).strip(), shown)
            self.rest(_SETTLED)
            if self._is_mark_waiting():
                return None
            # another shell that has taken its place by `exec` may still be starting
            if look.is_at_shell and self.level.language.opening and may_speak(look.shell_name, self.level.language):
                return self._at_own_prompt(shown)
        except MachineError:
            return None  # the machine may be about to start anew, or the shell be gone
        return Waits(look.waiting) if look.waiting and not patient else None

    def _at_own_prompt(self, shown: bool) -> Outcome | None:
        """What has become of a command, where the shell waits at a prompt without marks."""
        if not (self._is_line_editor_up() if self.level.accepts else is_at_prompt(self._shown())):
            return None
        if self.level.language.is_shell and not self.is_complete(self.level.language, "\n".join(self._lines)):
            return More()
        self.rest(_SETTLED)
        if self._is_mark_waiting():
            return None
        return self._end_by_opening(self.level, shown)  # another PS1
