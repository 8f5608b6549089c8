"""One machine and the blocks that have run on it, in order; started only when something has to run."""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pexpect
from asciinema_automation.script import Script

from castdeck.cast.marks import Session as RecordedSession
from castdeck.cast.marks import read_commands
from castdeck.cast.model import CastError, parse_cast
from castdeck.deck.model import Block
from castdeck.errors import MachineError, RecordingError
from castdeck.machine.golden import Golden, started
from castdeck.machine.qemu import QemuMachine
from castdeck.machine.terminal import TerminalHandover
from castdeck.record.script import CommandFailed, Witness, instructions


@dataclass(frozen=True)
class Terminal:
    """The size of the terminal in columns and rows, and the seconds that one command may take."""

    cols: int
    rows: int
    timeout: float


@dataclass(frozen=True)
class Run:
    """What a block did, and how long it took from the first key to the last mark, in seconds."""

    session: RecordedSession
    seconds: float


class Session:
    """Runs blocks on one machine. A block that fails leaves no trace: the machine is rebuilt without it."""

    def __init__(self, golden: Callable[[], Golden], cache: Path, terminal: Terminal) -> None:
        self._golden, self._cache, self._terminal = golden, cache, terminal
        self._stack = ExitStack()
        self._machine: QemuMachine | None = None
        self._on_machine: list[Block] = []

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()

    def run(self, block: Block, before: list[Block]) -> Run:
        """Record `block` on a machine on which just the blocks `before` have run.

        Raises CommandFailed when a command does not end as it should, RecordingError or MachineError for all else.
        """
        machine = self._machine_after(before)
        try:
            done = _record(machine, block, self._terminal)
        except (MachineError, pexpect.ExceptionPexpect) as error:
            lost = machine.is_lost()
            self._drop()
            if lost:
                raise CommandFailed(block.lines[0], "the virtual machine was lost while it ran") from error
            raise RecordingError(f"the recorder stopped: {str(error).splitlines()[0]}", line=block.line) from error
        except BaseException:
            self._drop()
            raise
        self._on_machine.append(block)
        return done

    def _machine_after(self, blocks: list[Block]) -> QemuMachine:
        if self._machine is None or self._on_machine != blocks[: len(self._on_machine)]:
            self._drop()
            self._machine = self._stack.enter_context(started(self._golden(), self._cache))
        for block in blocks[len(self._on_machine) :]:
            try:
                _record(self._machine, block, self._terminal)
            except CommandFailed as failure:
                self._drop()
                raise RecordingError(
                    f"this block has a good recording, but did not run again: {failure.reason}",
                    line=failure.line.line,
                    hint="castdeck record --force records the whole deck again",
                ) from failure
            self._on_machine.append(block)
        return self._machine

    def _drop(self) -> None:
        self._stack.close()
        self._stack = ExitStack()
        self._machine, self._on_machine = None, []


def _record(machine: QemuMachine, block: Block, terminal: Terminal) -> Run:
    cols, rows = block.cols or terminal.cols, block.rows or terminal.rows
    machine.resize(cols, rows)
    witness = Witness()
    with tempfile.TemporaryDirectory(prefix="castdeck-") as folder, TerminalHandover(machine.terminal) as handover:
        raw = Path(folder) / "raw.cast"
        script = Script(
            outputfile=raw,
            asciinema_arguments=f"--cols {cols} --rows {rows} --command '{handover.command}'",
            timeout=30,
            wait=0,
            delay=0,
            standard_deviation=0,
            instructions=instructions(
                block.lines, handover, witness, block.timeout or terminal.timeout, block.exit_status
            ),
        )
        _execute(script)
        try:
            session = read_commands(parse_cast(raw.read_text(encoding="utf-8", errors="replace")).events)
        except (OSError, CastError) as error:
            raise RecordingError(f"asciinema left no cast ({error})", line=block.line) from error
    if [command.status for command in session.commands] != witness.statuses:
        raise RecordingError("the recording is not of the commands that ran", line=block.line, hint="record again")
    return Run(session, witness.ended - witness.started)


def _execute(script: Script) -> None:
    with _own_programs_first():
        try:
            script.execute()
        finally:
            process = getattr(script, "process", None)
            if process is not None:
                with suppress(pexpect.ExceptionPexpect, OSError):
                    process.close(force=True)


@contextmanager
def _own_programs_first() -> Iterator[None]:
    """The `asciinema` beside this Python, whatever the caller's PATH; without the caller's own configuration."""
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
