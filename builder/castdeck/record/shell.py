"""The shell on a machine's terminal: lines are entered, and its marks and the kernel tell what becomes of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pexpect

from castdeck.errors import MachineError
from castdeck.machine.waits import Look
from castdeck.marks import NEW_SHELL, READY, binary, last_line
from castdeck.record.inner import Level, inner_level, is_at_prompt
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.shells import BASH
from castdeck.record.languages.table import may_speak
from castdeck.record.languages.unmarked import unmarked_prompt
from castdeck.record.load import Load
from castdeck.record.marked_terminal import START_TIMEOUT, MarkedTerminal, NotAtPrompt, Unmarked
from castdeck.record.outcome import Ended, More, NewShell, Outcome, Waits

_FRESH_TIMEOUT = 2.0  # for a prompt with marks after Enter; else it is given them
_SLICE = 0.05
_SETTLED = 0.1  # seconds in which a mark arrives that was written before the kernel was asked
_STILL = 0.25  # seconds without output before keys are pressed
_PATIENCE = 20.0  # seconds of silence after the author's keys, in which a program may wait for more
_PROMPT_LOOK = 0.04  # seconds of silence, where the last line ends like a prompt
_FIRST_LOOK = 0.4  # where a line editor has come up
_NEXT_LOOK = 1.5  # where none has; each later look waits twice as long
_BUSY = 4  # times as long, while the machine works: a look starts programs in it


@dataclass
class Shell(MarkedTerminal):
    """`looks` looks at the terminal of the shell with that process id; `is_complete` tells whether a text is a whole
    command; both may raise MachineError. `resize` gives the terminal of a machine that was started anew its size.
    `load` is the machine's. `own` is the language of the session's own shell.
    """

    looks: Callable[[int], Look] = field(kw_only=True)
    is_complete: Callable[[ReplLanguage, str], bool] = field(kw_only=True)
    resize: Callable[[], object] = bool
    load: Load = field(default_factory=lambda: Load(lambda: None))
    own: ReplLanguage = BASH
    _is_held_back: bool = False  # lines that are sent once their command is whole

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
            self.outcome(START_TIMEOUT)
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

    def open_new(self, *, has_booted: bool = False) -> None:
        """Have a shell mark that has only been started. Raises Unmarked, and NotAtPrompt when it is the one before.

        In a machine that has booted it may have the same process id as the one before.
        """
        before = -1 if has_booted else self.pid
        try:
            self.process.expect(binary(READY), timeout=START_TIMEOUT)
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

    def _seen(self, patient: bool, shown: bool, is_inside: bool) -> Outcome | None:
        printed = self.witness.printed
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
        if look.waiting and not patient and self.has_shown_nothing(printed):
            return Waits(look.waiting)
        return None  # or it may wait at the prompt that was shown meanwhile

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
