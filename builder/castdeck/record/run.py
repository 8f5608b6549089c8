"""Runs one block on a machine: with asciinema watching, or without."""

import os
import re
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pexpect
from asciinema_automation.script import Instruction, Script
from pexpect.fdpexpect import fdspawn

from castdeck.cast.cap import streamed
from castdeck.cast.marks import NotFound, RecordedSession, read_commands
from castdeck.cast.model import CastError, Event, parse_events
from castdeck.deck.model import Block, CommandLine
from castdeck.errors import MachineError, RecordingError
from castdeck.leftovers import private_folder, temporary_folder
from castdeck.machine.protocol import Machine
from castdeck.machine.run_folders import run_folder
from castdeck.machine.terminal import TerminalHandover
from castdeck.machine.waits import look
from castdeck.marks import ACCEPTED, ANY_MARK_BEGIN, READY, WITH_PAGERS, Marks, binary, pasted
from castdeck.record.events import CommandBegins, Shown, Tell, Work
from castdeck.record.inner import Level
from castdeck.record.instructions import instructions
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.shells import BASH
from castdeck.record.languages.table import language_named
from castdeck.record.load import Load
from castdeck.record.marked_terminal import NotAtPrompt, Unmarked
from castdeck.record.reboot import restarts
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import exports
from castdeck.record.settings import Settings
from castdeck.record.shell import Shell
from castdeck.record.witness import Witness

_COMMAND_TIMEOUT = 30.0
_PROMPT_TIMEOUT = 5.0
_LEVELS: WeakKeyDictionary[Machine, list[Level]] = WeakKeyDictionary()


@cache
def _marks() -> Marks:
    """One secret for all that this process records, and not those that it was forked from."""
    return Marks()


class Untrue(RecordingError):
    """The recording can't be trusted."""


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
    with _raw_folder(settings.cache) as folder, TerminalHandover(machine.terminal) as handover:
        raw = folder / "raw.cast"
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
            session = read_commands(_raw_events(raw), _marks(), witness.entered)
        except (OSError, CastError, NotFound) as error:
            raise Untrue(f"the recording is not of the commands that ran: {error}", line=block.line) from error
    return Run(session, witness.ended - witness.started)


@contextmanager
def _raw_folder(cache: Path) -> Iterator[Path]:
    """A private folder of the cache, so that the next run removes what a killed one leaves in it.

    Its path has no blanks or quotes, where asciinema-automation would split its command line: else a link has none.
    """
    with run_folder(cache) as folder, ExitStack() as stack:
        if not re.fullmatch(r"[\w./+-]+", str(folder)):
            link = stack.enter_context(private_folder(Path("/tmp"), "castdeck-")) / "run"
            link.symlink_to(folder)
            folder = link
        yield folder


def _raw_events(raw: Path) -> list[Event]:
    with raw.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        next(lines, "")
        return streamed(parse_events(lines), (READY, ACCEPTED, ANY_MARK_BEGIN))


def replay_block(machine: Machine, block: Block, settings: Settings, work: Work, tell: Tell) -> Run:
    """Type a block in the machine's terminal for what it does there. Raises CommandFailed, like `record_block`."""
    _resize(machine, block, settings)
    witness = _witness(work, tell)
    _direct(machine.terminal, _instructions(machine, block, None, witness, settings))
    return Run(RecordedSession((), ""), witness.ended - witness.started)


def mark_shell(machine: Machine, language: ReplLanguage = BASH) -> None:
    """Have the shell of a machine that was just started, which is of that language, mark its prompts.

    Raises MachineError.
    """
    shell = _shell(machine, Witness(lambda line: None, lambda data: None))
    shell.process = _Direct(machine.terminal, timeout=_COMMAND_TIMEOUT)
    try:
        shell.open(language)
    except (NotAtPrompt, Unmarked, pexpect.ExceptionPexpect, OSError) as error:
        raise MachineError("the machine's shell does not answer") from error


def is_inside(machine: Machine, own: ReplLanguage = BASH) -> bool:
    """Whether the terminal is inside another shell than the session's `own`, or inside an interpreter."""
    levels = _LEVELS.get(machine, ())
    return len(levels) > 1 or any(level.language is not own for level in levels)


def type_chore(machine: Machine, settings: Settings) -> None:
    """Export the secrets in the terminal's own shell, unseen, for all blocks after it.

    Raises MachineError when the shell does not answer.
    """
    levels = _LEVELS.get(machine, ())
    if len(levels) > 1:
        return  # inside another shell or an interpreter, which has what it was started with
    language = levels[0].language if levels else BASH
    script = exports(settings.secrets, language.export)
    file = shlex.quote(machine.run('file=$(mktemp) && cat >"$file" && echo "$file"', stdin=script).strip())
    shell = _shell(machine, Witness(lambda line: None, lambda data: None))
    line = CommandLine(f" . {file}; rm -f {file}", 0)
    try:
        _direct(machine.terminal, instructions((line,), None, shell, _COMMAND_TIMEOUT, 0, ""))
    except (CommandFailed, pexpect.ExceptionPexpect, OSError) as error:
        raise MachineError("the machine's shell does not answer") from error


def hand_over(machine: Machine) -> bytes:
    """Leave the machine's shell to a person, who has pagers; the prompt that it shows for that, to be shown first.

    A shell that marks nothing is asked for a new prompt, and given a moment.
    """
    levels = _LEVELS.get(machine, [])
    is_bash = not levels or (levels[-1].language is BASH and levels[-1].pastes)
    process: Any = _Direct(machine.terminal, timeout=_PROMPT_TIMEOUT)
    process.send(pasted(WITH_PAGERS if is_bash else ""))
    try:
        process.expect([binary(_marks().ended)])
        process.expect([binary(_marks().prompt_end)])
    except pexpect.TIMEOUT:
        return bytes(process.buffer)
    except (pexpect.ExceptionPexpect, OSError) as error:
        raise MachineError("the machine's shell does not answer") from error
    return bytes(process.before + process.after + process.buffer)


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
    shell = _shell(machine, witness, partial(_resize, machine, block, settings))
    shell.own = settings.shell
    shell.say = handover.say if handover else None
    language = language_named(block.interpreter) if block.interpreter else None
    goes_down = partial(restarts, machine)
    has_directives = any(line.is_directive for line in block.lines)
    pagers = not language and (block.pager or has_directives)
    root = machine.root_shell
    return instructions(
        block.lines, handover, shell, timeout, block.exit_status, root, goes_down, pagers, language, block.inside
    )


def _shell(machine: Machine, witness: Witness, resize: Callable[[], object] = bool) -> Shell:
    levels = _LEVELS.setdefault(machine, [])
    load = Load(machine.processor_seconds)
    return Shell(
        _marks(),
        witness,
        levels=levels,
        looks=partial(look, machine),
        is_complete=partial(_is_complete, machine),
        resize=resize,
        load=load,
    )


def _is_complete(machine: Machine, language: ReplLanguage, text: str) -> bool:
    """Whether a shell finds a whole command in a text, or a wrong one; where it has no check of its own, bash does."""
    if language.unfinished:
        return not language.unfinished.search(machine.run(language.checks, stdin=f"{text}\n"))
    said = machine.run("LC_ALL=C bash -n 2>&1; :", stdin=f"{text}\n")
    is_open = re.search(r"unexpected (?:end of file|EOF)|delimited by end-of-file", said)
    return not is_open and not text.endswith("\\")


def _resize(machine: Machine, block: Block, settings: Settings) -> tuple[int, int]:
    cols, rows = block.cols or settings.terminal.cols, block.rows or settings.terminal.rows
    machine.resize(cols, rows)
    return cols, rows


def _execute(script: Script) -> None:
    try:
        script.execute()
    except BaseException:
        _kill_group(script)
        raise
    finally:
        process = getattr(script, "process", None)
        if process is not None:
            with suppress(pexpect.ExceptionPexpect, OSError):
                process.close(force=True)


def _kill_group(script: Script) -> None:
    """End the recorder with its helpers, which outlive the terminal where SIGHUP is ignored: in background jobs."""
    process = getattr(script, "process", None)
    if process is not None and process.isalive():
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def recorder_environment() -> Iterator[None]:
    """The `asciinema` beside this Python, whatever the caller's PATH; without the caller's own configuration.

    It changes this process's environment: to be entered once, around all sessions.
    """
    before = dict(os.environ)
    with temporary_folder() as home:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before.get('PATH', '')}"
        os.environ["ASCIINEMA_CONFIG_HOME"] = str(home)
        if not _is_utf8(before):
            os.environ["LC_ALL"] = "C.UTF-8"  # the recorder refuses any other
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def _is_utf8(environment: Mapping[str, str]) -> bool:
    """Whether programs with that environment write UTF-8."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_CTYPE", "LANG"))), "")
    return locale.lower().replace("-", "").endswith("utf8")
