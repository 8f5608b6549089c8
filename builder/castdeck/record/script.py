"""The instructions that asciinema-automation runs: each line is entered once the shell is ready for it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pexpect
from asciinema_automation.script import Instruction, Script

from castdeck.deck.model import CommandLine
from castdeck.machine.terminal import TerminalHandover
from castdeck.record.directives import Directive, Inside, NotShown
from castdeck.record.keys import in_front
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.shells import BASH
from castdeck.record.marked_terminal import NotAtPrompt, Unmarked
from castdeck.record.outcome import Ended, More, NewShell, Waits
from castdeck.record.reboot import may_reboot
from castdeck.record.shell import Shell
from castdeck.record.witness import Flood

START_TIMEOUT = 90.0  # seconds; the first start of fish in an emulated machine that is busy took 45
_NOT_FOUND = 127  # bash's status for a command that is not there
_BOOT_TIMEOUT = 300.0
_LAST_LINES = 12
LOST = "the machine was lost, or switched off, while it ran"
_KEYS = "give it keys in the lines below it: #$ expect TEXT, #$ sendline TEXT, #$ sendcontrol KEY"
_MORE_TIME = "it gets more time with {timeout=300} on its block, or timeout = 300 in castdeck.toml"
_PAGERS = {"less", "more", "most", "pager", "man"}


class CommandFailed(Exception):
    """A command did not end as it should: where, why, and the last lines that it printed."""

    def __init__(self, line: CommandLine, reason: str, output: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(reason)
        self.line, self.reason, self.hint = line, reason, hint
        self.last_lines = list(output)[-_LAST_LINES:]


@dataclass
class Begin(Instruction):
    """Joins the machine's terminal (unless it is joined already) and waits for a fresh prompt."""

    handover: TerminalHandover | None
    shell: Shell
    first: CommandLine

    def run(self, script: Script) -> None:
        if self.handover:
            self.handover.accept()
        process = script.process
        process.searchwindowsize = 8192
        process.logfile_read = self.shell.witness
        self.shell.process = process
        try:
            self.shell.begin()
        except (NotAtPrompt, Unmarked):
            screen = self.shell.witness.screen()
            raise CommandFailed(self.first, "can't be entered: the shell is not at its prompt", screen) from None


@dataclass
class TypeCommand(Instruction):
    """Enters a line and waits until the shell says how it ended; `right` is the status it must have (None: any)."""

    line: CommandLine
    timeout: float
    right: int | None
    shell: Shell
    restarts: Callable[[float], bool]
    is_chore: bool = False
    leads_inside: bool = False
    directives: list[Directive] = field(default_factory=list)

    def run(self, script: Script) -> None:
        shell, line = self.shell, self.line
        if not line.text.strip() and not shell.is_amid_command:
            return
        if not self.is_chore:
            shell.witness.begins(line)
        try:
            self._run(shell)
        except pexpect.TIMEOUT:
            raise self._timed_out() from None
        except pexpect.EOF:
            raise self._lost() from None
        except Flood as flood:
            raise CommandFailed(line, str(flood)) from None
        except NotShown as unmet:
            shell.process.sendcontrol("c")
            raise CommandFailed(unmet.line, unmet.reason, shell.witness.screen()) from None
        except NotAtPrompt:
            raise self._failed(
                "was not run: the shell is not at its prompt",
                "the previous line has not ended, although it printed a mark that says so",
            ) from None
        except Unmarked:
            raise self._failed("left a shell that castdeck can't follow") from None

    def _run(self, shell: Shell) -> None:
        self._entered = time.monotonic()
        self._language = shell.level.language
        shell.enter(self.line.text)
        for directive in self.directives:
            directive.perform(shell)
        timeout = max(self.timeout, _BOOT_TIMEOUT) if may_reboot(self.line.text) else self.timeout
        is_inside = self.leads_inside or any(isinstance(one, Inside) for one in self.directives)
        patient, shown = bool(self.directives), not self.is_chore
        outcome = shell.outcome(timeout, patient=patient, shown=shown, is_inside=is_inside)
        match outcome:
            case More():
                return
            case Waits(program):
                shell.process.sendcontrol("c")
                is_pager = program.name in _PAGERS
                hint = "pipe it through cat, or " + _KEYS if is_pager else _KEYS
                raise self._failed(f"{program.name} waits for keys", hint)
            case NewShell(status):
                if status is None and not self.restarts(self._entered):
                    raise NotAtPrompt
                has_booted = status is None or self._is_going_down()
                if has_booted:
                    self._wait_for_boot(outcome)
                self._check(status or 0)
                shell.open_new(has_booted=has_booted)
                start_own_shell(shell, self.line)
            case Ended(status):
                self._check(status)
                if self._is_going_down():
                    self._wait_for_boot(outcome)
                    shell.open_new(has_booted=True)
                    start_own_shell(shell, self.line)

    def _is_going_down(self) -> bool:
        return may_reboot(self.line.text) and self.restarts(self._entered)

    def _wait_for_boot(self, outcome: Ended | NewShell) -> None:
        while outcome != NewShell(None):
            try:
                told = self.shell.new_shell(_BOOT_TIMEOUT)
            except pexpect.TIMEOUT:
                raise self._failed(f"the machine did not start again within {_BOOT_TIMEOUT:.0f} s") from None
            outcome = told

    def _check(self, status: int) -> None:
        own = {directive.makes for directive in self.directives}
        if self.is_chore or self.right is None or status == self.right or status in own:
            return
        if self.right == 0 and self._language.expects_error("\n".join(self.line.expected)):
            return
        raise self._failed(
            f"ended with exit status {status}, not {self.right}",
            _status_hint(status),
        )

    def _timed_out(self) -> CommandFailed:
        program = in_front(self.shell)
        failed = self._failed(f"did not end within {self.timeout:g} s" + f", {program} still runs" * bool(program))
        self.shell.process.sendcontrol("c")
        failed.hint = _MORE_TIME if self.directives else f"{_MORE_TIME}; if it waits for something, {_KEYS}"
        return failed

    def _lost(self) -> CommandFailed:
        screen = [line for line in self.shell.witness.screen() if not line.startswith("asciinema: ")]
        return CommandFailed(
            self.line, LOST, screen, "to show it and not run it, write {.norun} into the block's first line"
        )

    def _failed(self, reason: str, hint: str = "") -> CommandFailed:
        return CommandFailed(self.line, reason, self.shell.witness.screen(), hint)


def _status_hint(status: int) -> str:
    """What to do about a status that nobody expected."""
    if status == 0:
        return "if this is expected, take exit= out of the block's first line"
    right = f"if this is expected, write into the block's first line: {{exit={status}}}"
    missing = "a command is not on the machine: packages = [...] in castdeck.toml puts it there"
    return f"{missing}; {right}" if status == _NOT_FOUND else right


def start_own_shell(shell: Shell, line: CommandLine) -> None:
    """Put the session's own shell into the place of the machine's, unseen. Raises CommandFailed at `line`."""
    if shell.own is not BASH and len(shell.levels) <= 1 and shell.level.language is BASH:
        _enter(shell, shell.own.start, line)
        _must_be_in(shell, shell.own, line)


def _must_be_in(shell: Shell, language: ReplLanguage, line: CommandLine) -> None:
    if shell.level.language is not language:
        hint = f"packages = [...] in castdeck.toml puts it on the machine; it is started with: {language.start.strip()}"
        raise CommandFailed(line, f"{language.name} does not start", shell.witness.screen(), hint)


def _enter(shell: Shell, text: str, line: CommandLine) -> None:
    try:
        shell.enter(text)
        shell.outcome(START_TIMEOUT)
    except (pexpect.TIMEOUT, NotAtPrompt, Unmarked):
        program = text.rpartition(";")[2].strip()
        raise CommandFailed(line, f"{program} leads to no prompt", shell.witness.screen()) from None


@dataclass
class BeIn(Instruction):
    """Has the language of a block wait at its prompt, unseen: starts it, and leaves others that were started so."""

    language: ReplLanguage | None
    first: CommandLine
    shell: Shell

    def run(self, script: Script) -> None:
        shell, language = self.shell, self.language
        while shell.level.is_unseen and shell.level.language is not language:
            _enter(shell, shell.level.language.end, self.first)
        start_own_shell(shell, self.first)
        if language and shell.level.language is not language:
            _enter(shell, f" {language.start}", self.first)
            _must_be_in(shell, language, self.first)
            shell.started_unseen()


@dataclass
class OpenRoot(TypeCommand):
    """Starts root's shell, unseen, and has it mark."""

    def _run(self, shell: Shell) -> None:
        shell.enter(self.line.text)
        shell.open_new()


@dataclass
class End(Instruction):
    """Makes sure that the shell is at its prompt and wants nothing more, and leaves the machine's terminal."""

    handover: TerminalHandover | None
    last: CommandLine
    shell: Shell

    def run(self, script: Script) -> None:
        if self.shell.is_amid_command:
            script.process.sendcontrol("c")
            raise CommandFailed(
                self.last,
                "the command is not finished: a quote, a here-document or a loop is open",
                hint="close it, or write {.norun} if the block is only to be shown",
            )
        try:
            stays_ended = self.shell.stays_ended(START_TIMEOUT)
        except (NotAtPrompt, Unmarked, pexpect.TIMEOUT):
            stays_ended = False
        if not stays_ended:
            raise CommandFailed(
                self.last,
                "was not at its end when a mark said so",
                self.shell.witness.screen(),
                "a command printed a mark of castdeck's own; what the shell says after it can't be trusted",
            )
        if self.handover:
            self.handover.take_back()
