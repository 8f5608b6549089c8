"""What asciinema-automation runs for one block: instructions that wait for the shell's own marks.

A line is sent, and the next only once the shell has said that the command ended (OSC 133;D with its exit status, then
the prompt's B) or that it wants more of it (the mark in PS2). No pauses, no guessing of prompts.
"""

import shlex
import time
from dataclasses import dataclass, field

import pexpect
from asciinema_automation.instruction import ExpectInstruction, SendArrowInstruction, SendControlInstruction
from asciinema_automation.script import Instruction, Script

from castdeck.cast.marks import MARK
from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError
from castdeck.machine.terminal import TerminalHandover

_PROMPT = rb"\x1b\]133;B\x07"
_STATUS = rb"\x1b\]133;D;(\d+)\x07"
_STARTED = b"\x1b]133;C\x07"
_MORE = rb"\x1b\]133;P;k=s\x07"
_DIRECTIVE = "#$ "
_START_TIMEOUT = 30.0
_LAST_LINES = 12


class CommandFailed(Exception):
    """A command did not end as it should: where, why, and the last lines that it printed."""

    def __init__(self, line: CommandLine, reason: str, output: bytes = b"") -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason
        printed = output.decode(errors="replace").rpartition("\x1b]133;C\x07")[2]
        self.last_lines = MARK.sub("", printed).replace("\r", "").strip().splitlines()[-_LAST_LINES:]


@dataclass
class Witness:
    """What was seen while recording: wall-clock seconds of the first key and the last mark, each command's status."""

    started: float = 0.0
    ended: float = 0.0
    statuses: list[int] = field(default_factory=list)


@dataclass
class Begin(Instruction):
    """Joins the machine's terminal and waits for a fresh prompt.

    An empty line has a status too: a prompt without one is only the old prompt, drawn again for a new terminal size.
    """

    handover: TerminalHandover
    witness: Witness

    def run(self, script: Script) -> None:
        self.handover.accept()
        script.process.searchwindowsize = 8192
        script.process.send("\r")
        script.process.expect(_STATUS, timeout=_START_TIMEOUT)
        script.process.expect(_PROMPT, timeout=_START_TIMEOUT)
        self.witness.started = time.monotonic()


@dataclass
class TypeCommand(Instruction):
    """Types a line and waits until the shell says how it ended; `right` is the status it must have (None: any)."""

    line: CommandLine
    timeout: float
    right: int | None
    witness: Witness
    directives: list[Instruction] = field(default_factory=list)

    def run(self, script: Script) -> None:
        process = script.process
        line = self.line
        try:
            process.send(line.text + "\r")
            for directive in self.directives:
                directive.run(script)
            if process.expect([_STATUS, _MORE], timeout=self.timeout) == 1:
                return
            output = process.before
            status = int(process.match[1]) if _STARTED in output else 0
            process.expect(_PROMPT, timeout=self.timeout)
        except pexpect.TIMEOUT:
            process.sendcontrol("c")
            time_out = process.before or b""
            raise CommandFailed(line, f"did not end within {self.timeout:g} s", time_out) from None
        except pexpect.EOF:
            raise CommandFailed(line, "the virtual machine was lost while it ran", process.before or b"") from None
        self.witness.ended = time.monotonic()
        self.witness.statuses.append(status)
        if self.right is not None and status != self.right:
            raise CommandFailed(line, f"ended with exit status {status}, not {self.right}", output)


@dataclass
class End(Instruction):
    """Makes sure that the shell waits for nothing more, and leaves the machine's terminal."""

    handover: TerminalHandover
    last: CommandLine

    def run(self, script: Script) -> None:
        if script.process.before is not None and script.process.after and b"P;k=s" in script.process.after:
            script.process.sendcontrol("c")
            raise CommandFailed(self.last, "the command is not finished: a quote, a here-document or a loop is open")
        self.handover.take_back()


def instructions(
    lines: tuple[CommandLine, ...], handover: TerminalHandover, witness: Witness, timeout: float, right: int | None
) -> list[Instruction]:
    """All that a block wants done. Raises DeckError for a directive that is none."""
    steps: list[Instruction] = [Begin(handover, witness)]
    for line in lines:
        if line.text.startswith(_DIRECTIVE):
            command = steps[-1]
            if not isinstance(command, TypeCommand):
                raise DeckError("a directive needs a command before it", line=line.line)
            command.directives.append(_directive(line, timeout))
        else:
            steps.append(TypeCommand(line, timeout, right, witness))
    steps.append(End(handover, lines[-1]))
    return steps


@dataclass
class _SendText(Instruction):
    text: str

    def run(self, script: Script) -> None:
        script.process.send(self.text)


@dataclass
class _Wait(Instruction):
    seconds: float

    def run(self, script: Script) -> None:
        time.sleep(self.seconds)


def _directive(line: CommandLine, timeout: float) -> Instruction:
    name, _, argument = line.text.removeprefix(_DIRECTIVE).strip().partition(" ")
    if name == "expect" and argument:
        return ExpectInstruction(_unquoted(argument), int(timeout))
    if name == "send" and argument:
        return _SendText(_unquoted(argument))
    if name == "sendline":
        return _SendText(_unquoted(argument) + "\r")
    if name == "sendcontrol" and len(argument) == 1:
        return SendControlInstruction(argument)
    if name == "sendarrow" and argument.split()[0] in ("up", "down", "left", "right"):
        words = argument.split()
        return SendArrowInstruction(words[0], int(words[1]) if len(words) > 1 else 1)
    if name == "wait" and argument.isdigit():
        return _Wait(int(argument) / 1000)
    hint = (
        "known: expect TEXT, send TEXT, sendline TEXT, sendcontrol KEY, sendarrow DIRECTION [TIMES], wait MILLISECONDS"
    )
    raise DeckError(f"unknown directive {name!r}", line=line.line, hint=hint)


def _unquoted(argument: str) -> str:
    try:
        words = shlex.split(argument)
    except ValueError:
        return argument
    return words[0] if len(words) == 1 and argument[0] in "\"'" else argument
