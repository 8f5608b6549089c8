"""What asciinema-automation runs for one block: instructions that wait for the shell's own marks.

A line is sent, and the next only once the shell has said that the command ended (OSC 133;D with its exit status, then
the prompt's B) or that it wants more of it (the mark in PS2). No pauses, no guessing of prompts.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pexpect
from asciinema_automation.script import Instruction, Script

from castdeck.cast.marks import MARK
from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError, MachineError
from castdeck.machine.terminal import TerminalHandover
from castdeck.record.directives import DIRECTIVE, read_directive

_PROMPT = rb"\x1b\]133;B\x07"
_STATUS = rb"\x1b\]133;D;(\d+)\x07"
_STARTED = b"\x1b]133;C\x07"
_MORE = rb"\x1b\]133;P;k=s\x07"
_MORE_MARK = b"P;k=s"
_START_TIMEOUT = 30.0
_REBOOT = re.compile(r"(?:^|\s)(?:reboot|systemctl reboot|shutdown -r now)\s*$")
_BOOT_TIMEOUT = 300.0
_LAST_LINES = 12
_FLOOD = 64 << 20  # bytes of output of one command
LOST = "the virtual machine was lost, or switched off, while it ran"
_WAITS = "if it waits for keys, give them after it: #$ expect TEXT, #$ sendline TEXT, #$ sendcontrol KEY"


class CommandFailed(Exception):
    """A command did not end as it should: where, why, and the last lines that it printed."""

    def __init__(self, line: CommandLine, reason: str, output: bytes = b"", hint: str = "") -> None:
        super().__init__(reason)
        self.line, self.reason, self.hint = line, reason, hint
        printed = output.decode(errors="replace").rpartition("\x1b]133;C\x07")[2]
        self.last_lines = MARK.sub("", printed).replace("\r", "").strip().splitlines()[-_LAST_LINES:]


@dataclass
class Witness:
    """What was seen while a block ran.

    `started` and `ended` are the wall-clock seconds of the first key and the last mark. `statuses` has each command's
    exit status, `chores` the numbers of the commands that are castdeck's own. `begins` hears of each line that is
    typed, `output` of all that the terminal shows.
    """

    begins: Callable[[CommandLine], None]
    output: Callable[[bytes], None]
    started: float = 0.0
    ended: float = 0.0
    statuses: list[int] = field(default_factory=list)
    chores: set[int] = field(default_factory=set)
    printed: int = 0

    def write(self, data: bytes) -> None:
        """Take what the terminal shows, as pexpect's log file. Raises Flood when a command shows too much."""
        self.printed += len(data)
        if self.printed > _FLOOD:
            raise Flood
        self.output(data)

    def flush(self) -> None:
        """Nothing is held back."""


class Flood(Exception):
    """A command prints more than a recorder can take."""


@dataclass
class Begin(Instruction):
    """Joins the machine's terminal (unless it is joined already) and waits for a fresh prompt.

    An empty line has a status too: a prompt without one is only the old prompt, drawn again for a new terminal size.
    """

    handover: TerminalHandover | None
    witness: Witness

    def run(self, script: Script) -> None:
        if self.handover:
            self.handover.accept()
        script.process.searchwindowsize = 8192
        script.process.send("\r")
        script.process.expect(_STATUS, timeout=_START_TIMEOUT)
        script.process.expect(_PROMPT, timeout=_START_TIMEOUT)
        script.process.logfile_read = self.witness
        self.witness.started = time.monotonic()


@dataclass
class TypeCommand(Instruction):
    """Types a line and waits until the shell says how it ended; `right` is the status it must have (None: any).

    Directives come once the command runs: until then the shell would take their keys for its own.
    """

    line: CommandLine
    timeout: float
    right: int | None
    witness: Witness
    is_chore: bool = False
    directives: list[Instruction] = field(default_factory=list)

    def run(self, script: Script) -> None:
        process = script.process
        line = self.line
        if not line.text.strip() and _MORE_MARK not in (process.after or b""):
            return
        if not self.is_chore:
            self.witness.begins(line)
        self.witness.printed = 0
        try:
            process.send(line.text + "\r")
            if self.directives:
                process.expect_exact(_STARTED, timeout=self.timeout)
            for directive in self.directives:
                directive.run(script)
            if process.expect([_STATUS, _MORE], timeout=self.timeout) == 1:
                return
            output = process.before
            status = int(process.match[1]) if self.directives or _STARTED in output else 0
            process.expect(_PROMPT, timeout=self.timeout)
        except pexpect.TIMEOUT:
            process.sendcontrol("c")
            raise CommandFailed(
                line, f"did not end within {self.timeout:g} s", process.before or b"", "" if self.directives else _WAITS
            ) from None
        except pexpect.EOF:
            raise CommandFailed(line, LOST, process.before or b"") from None
        except Flood:
            raise CommandFailed(line, f"printed more than {_FLOOD >> 20} MiB") from None
        self.witness.ended = time.monotonic()
        if self.is_chore:
            self.witness.chores.add(len(self.witness.statuses))
        self.witness.statuses.append(status)
        if self.right is not None and status != self.right:
            raise CommandFailed(line, f"ended with exit status {status}, not {self.right}", output)


@dataclass
class TypeReboot(TypeCommand):
    """Types a line that starts the machine anew, waits for the new shell's prompt and gives its terminal its size.

    The old shell may show a last prompt or not: a prompt is the new one's if it came after the machine was started.
    """

    boot: Callable[[], str] = str
    resize: Callable[[], object] = str

    def run(self, script: Script) -> None:
        before = self.boot().split()[0]
        super().run(script)
        prompted = time.monotonic()
        deadline = prompted + _BOOT_TIMEOUT
        while (uptime := self._uptime(before)) is None:
            if time.monotonic() > deadline:
                raise CommandFailed(self.line, f"the machine did not come back within {_BOOT_TIMEOUT:.0f} s")
        if prompted < time.monotonic() - uptime:
            script.process.expect(_STATUS, timeout=_BOOT_TIMEOUT)
            script.process.expect(_PROMPT, timeout=_START_TIMEOUT)
        self.resize()

    def _uptime(self, before: str) -> float | None:
        """Seconds since the machine was started; None while it still is in its boot `before`, or does not answer."""
        try:
            boot, uptime, *_ = self.boot().split()
        except MachineError:
            return None
        return float(uptime) if boot != before else None


@dataclass
class End(Instruction):
    """Makes sure that the shell waits for nothing more, and leaves the machine's terminal."""

    handover: TerminalHandover | None
    last: CommandLine

    def run(self, script: Script) -> None:
        if _MORE_MARK in (script.process.after or b""):
            script.process.sendcontrol("c")
            raise CommandFailed(self.last, "the command is not finished: a quote, a here-document or a loop is open")
        if self.handover:
            self.handover.take_back()


def instructions(
    lines: tuple[CommandLine, ...],
    handover: TerminalHandover | None,
    witness: Witness,
    timeout: float,
    right: int | None,
    root_shell: str,
    boot: Callable[[], str] = str,
    resize: Callable[[], object] = str,
) -> list[Instruction]:
    """All that a block wants done; `root_shell` is what is typed to have root's, "" where that can't be.

    `boot` gives an id of the machine's boot and the seconds since, or raises MachineError; `resize` gives a terminal
    that came back the block's size.

    Raises DeckError for a directive that is none, and for a command of root's where there is no root.
    """
    steps: list[Instruction] = [Begin(handover, witness)]
    is_root = False
    for line in lines:
        if line.text.startswith(DIRECTIVE):
            command = steps[-1]
            if not isinstance(command, TypeCommand) or command.is_chore:
                raise DeckError("a directive needs a command before it", line=line.line)
            command.directives.append(read_directive(line, timeout))
            continue
        if line.as_root != is_root:
            if not root_shell:
                raise DeckError("a command as root, and this machine has no root to give", line=line.line)
            steps.append(_change_user(line, root_shell if line.as_root else "exit", witness))
            is_root = line.as_root
        if _REBOOT.search(line.text):
            steps.append(TypeReboot(line, max(timeout, _BOOT_TIMEOUT), right, witness, boot=boot, resize=resize))
        else:
            steps.append(TypeCommand(line, timeout, right, witness))
    if is_root:
        steps.append(_change_user(lines[-1], "exit", witness))
    steps.append(End(handover, lines[-1]))
    return steps


def _change_user(line: CommandLine, text: str, witness: Witness) -> TypeCommand:
    return TypeCommand(CommandLine(f" {text}", line.line), _START_TIMEOUT, None, witness, is_chore=True)
