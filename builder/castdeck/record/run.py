"""Runs one block on a machine: with asciinema watching, or without."""

import os
import shlex
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pexpect
from asciinema_automation.script import Instruction, Script
from pexpect.fdpexpect import fdspawn

from castdeck.cast.marks import Session as RecordedSession
from castdeck.cast.marks import read_commands
from castdeck.cast.model import CastError, parse_cast
from castdeck.deck.model import Block, CommandLine
from castdeck.errors import MachineError, RecordingError
from castdeck.machine.protocol import Machine
from castdeck.machine.terminal import TerminalHandover
from castdeck.record.events import CommandBegins, Shown, Tell, Work
from castdeck.record.script import CommandFailed, Witness, instructions
from castdeck.record.settings import Settings

_CHORE_TIMEOUT = 30.0


@dataclass(frozen=True)
class Run:
    """What a block did, and how long it took from the first key to the last mark, in seconds."""

    session: RecordedSession
    seconds: float


def record_block(machine: Machine, block: Block, settings: Settings, work: Work, tell: Tell) -> Run:
    """Type a block in the machine's terminal and record it.

    Raises CommandFailed when a command does not end as it should, RecordingError where the recorder fails.
    """
    cols, rows = _resize(machine, block, settings)
    witness = _witness(work, tell)
    with tempfile.TemporaryDirectory(prefix="castdeck-") as folder, TerminalHandover(machine.terminal) as handover:
        raw = Path(folder) / "raw.cast"
        script = Script(
            outputfile=raw,
            asciinema_arguments=f"--cols {cols} --rows {rows} --command {shlex.quote(handover.command)}",
            timeout=30,
            wait=0,
            delay=0,
            standard_deviation=0,
            instructions=_instructions(machine, block, handover, witness, settings),
        )
        _execute(script)
        try:
            session = read_commands(parse_cast(raw.read_text(encoding="utf-8", errors="replace")).events)
        except (OSError, CastError) as error:
            raise RecordingError(f"asciinema left no cast ({error})", line=block.line) from error
    if [command.status for command in session.commands] != witness.statuses:
        raise RecordingError("the recording is not of the commands that ran", line=block.line, hint="record again")
    own = tuple(command for number, command in enumerate(session.commands) if number not in witness.chores)
    return Run(RecordedSession(own, session.prompt), witness.ended - witness.started)


def replay_block(machine: Machine, block: Block, settings: Settings, work: Work, tell: Tell) -> Run:
    """Type a block in the machine's terminal for what it does there. Raises CommandFailed, like `record_block`."""
    _resize(machine, block, settings)
    witness = _witness(work, tell)
    _direct(machine.terminal, _instructions(machine, block, None, witness, settings))
    return Run(RecordedSession((), ""), witness.ended - witness.started)


def type_chore(machine: Machine, script: str) -> None:
    """Run a shell script in the terminal's own shell, unseen: what it sets holds for all blocks after it.

    Raises MachineError when the shell does not answer.
    """
    file = shlex.quote(machine.run('file=$(mktemp) && cat >"$file" && echo "$file"', given=script).strip())
    witness = Witness(lambda line: None, lambda data: None)
    line = CommandLine(f" . {file}; rm -f {file}", 0)
    try:
        _direct(machine.terminal, instructions((line,), None, witness, _CHORE_TIMEOUT, 0, ""))
    except (CommandFailed, pexpect.ExceptionPexpect, OSError) as error:
        raise MachineError("the machine's shell does not answer") from error


class _Direct(fdspawn):  # type: ignore[type-arg]
    """A terminal that nobody records, for the same instructions."""

    def sendcontrol(self, key: str) -> int:
        return int(self.send(chr(ord(key.upper()) ^ 64)))


def _direct(terminal: int, steps: list[Instruction]) -> None:
    script = Script(Path(), "", 30, 0, 0, 0, steps)
    script.process = _Direct(terminal, timeout=30)
    for step in steps:
        step.run(script)


def _witness(work: Work, tell: Tell) -> Witness:
    return Witness(lambda line: tell(CommandBegins(work, line)), lambda data: tell(Shown(work, data)))


def _instructions(
    machine: Machine, block: Block, handover: TerminalHandover | None, witness: Witness, settings: Settings
) -> list[Instruction]:
    timeout = block.timeout or settings.terminal.timeout
    boot = partial(machine.run, "cat /proc/sys/kernel/random/boot_id /proc/uptime")
    resize = partial(_resize, machine, block, settings)
    return instructions(block.lines, handover, witness, timeout, block.exit_status, machine.root_shell, boot, resize)


def _resize(machine: Machine, block: Block, settings: Settings) -> tuple[int, int]:
    cols, rows = block.cols or settings.terminal.cols, block.rows or settings.terminal.rows
    machine.resize(cols, rows)
    return cols, rows


def _execute(script: Script) -> None:
    try:
        script.execute()
    finally:
        process = getattr(script, "process", None)
        if process is not None:
            with suppress(pexpect.ExceptionPexpect, OSError):
                process.close(force=True)


@contextmanager
def recorder_environment() -> Iterator[None]:
    """The `asciinema` beside this Python, whatever the caller's PATH; without the caller's own configuration.

    It changes this process's environment: to be entered once, around all sessions.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="castdeck-") as home:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before.get('PATH', '')}"
        os.environ["ASCIINEMA_CONFIG_HOME"] = home
        os.environ.setdefault("LC_ALL", "C.UTF-8")
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
