"""The kind of machine called `ssh`: an existing host that the user's ssh can log in to without a password.

For example a Vagrant, Lima or Multipass machine, a cloud server, a Raspberry Pi. Nothing is installed on it. It is
reset only by the user's own `reset` command, if there is one.
"""

import hashlib
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError
from castdeck.leftovers import temporary_folder
from castdeck.locks import locked
from castdeck.machine.commands import run_command
from castdeck.machine.protocol import COMMAND_TIMEOUT, Step
from castdeck.machine.settings import Table
from castdeck.machine.shells import shells
from castdeck.machine.ssh_config import configuration
from castdeck.machine.terminal import wait_for_prompt
from castdeck.machine.terminal_process import OnTerminal, TerminalProcess

_CONNECT_TIMEOUT = 10  # seconds
_PROMPT_TIMEOUT = 30.0
_BACK_TIMEOUT = 180.0  # seconds after a reset until it answers
_RESET_TIMEOUT = 900.0
_OPTIONS = ("-o", "BatchMode=yes", "-o", f"ConnectTimeout={_CONNECT_TIMEOUT}", "-o", "ServerAliveInterval=5")


def define(table: Table) -> "SshDefinition":
    """The machine defined by a table. Raises WorkspaceError."""
    table.only("host", "reset", "config", "network")
    host = table.text("host")
    if not host or host.startswith("-") or not host.isprintable() or " " in host:
        raise table.wrong(f"host must be a host of your ssh configuration, not {host!r}", 'host = "my-vm"')
    if table.parent:
        raise table.wrong("from: an ssh machine can't be based on another machine")
    return SshDefinition(
        name=table.name,
        host=host,
        reset=table.text("reset"),
        config=table.text("config"),
        network=table.choice("network", ("none", "internet"), "internet"),
        folder=table.folder or Path.cwd(),
    )


@dataclass(frozen=True)
class SshDefinition:
    """A host by its alias in ssh's configuration; `reset` is a shell command to run on this computer, in `folder`.

    `config` replaces the user's configuration file. `network` is the host's network access, as far as known.
    """

    name: str
    host: str
    reset: str
    config: str
    network: str
    folder: Path
    memory: int = 0
    accelerator: str = "none"
    images: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """The host's alias and reset command."""
        digest = hashlib.sha256(f"{self.host}\n{self.reset}".encode()).hexdigest()[:16]
        return f"{self.name}-ssh-{digest}"

    @property
    def risk(self) -> str:
        """Blocks run on the user's host, and the reset command on this computer."""
        first = f"runs blocks on the host {self.host}, as the user that ssh logs in there"
        then = f"; before that it runs on this computer, in {self.folder}: {self.reset}" if self.reset else ""
        return first + then + (f"; ssh reads {configuration(self.folder / self.config)}" if self.config else "")

    def versions(self) -> Mapping[str, str]:
        """None: the programs are the host's."""
        return {}

    def ready(self, cache: Path, step: Step, accelerator: str = "") -> "SshReady":
        """The host, which is first contacted when a session starts."""
        if accelerator:
            raise MachineError(f"the machine {self.name} is reached by ssh: there is no accelerator to choose")
        if not self.reset:
            step(f"using {self.host}, which has no reset in castdeck.toml: what blocks change there stays")
        return SshReady(self, cache, step)


@dataclass(frozen=True)
class SshReady:
    """A host, used by one session at a time, since sessions share its files."""

    definition: SshDefinition
    cache: Path
    step: Step

    @property
    def summary(self) -> str:
        """What it is, for the user."""
        return f"on {self.definition.host}, without checkpoints: each session is replayed from its start"

    def checkpoints(self, room: int) -> None:
        """None: a host's state can't be saved."""

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator["SshMachine"]:
        """Reset the host and start a new shell."""
        cancellation = cancellation or Cancellation()
        host = self.definition.host
        self.cache.mkdir(parents=True, exist_ok=True)
        lock = self.cache / f"ssh-{hashlib.sha256(host.encode()).hexdigest()[:12]}.lock"
        with locked(lock, waits=lambda: self.step(f"waiting for another session on {host}"), pause=cancellation.wait):
            if self.definition.reset:
                self.step(f"resetting {host}: {self.definition.reset}")
                self._reset(cancellation)
            with closing(self._connected(cancellation)) as machine:
                yield machine

    def _reset(self, cancellation: Cancellation) -> None:
        with subprocess.Popen(
            ["sh", "-c", self.definition.reset],
            cwd=self.definition.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            end = partial(_end_group, process)
            try:
                with cancellation.ending(end):
                    printed, _ = process.communicate(timeout=_RESET_TIMEOUT)
            except subprocess.TimeoutExpired:
                end()
                raise MachineError(f"{self.definition.reset}: not done within {_RESET_TIMEOUT:.0f} s") from None
            except BaseException:
                end()
                raise
        cancellation.check()
        if process.returncode:
            said = printed.decode(errors="replace").strip()[-1500:]
            raise MachineError(f"{self.definition.reset}: ended with exit status {process.returncode}:\n{said}")

    def _connected(self, cancellation: Cancellation) -> "SshMachine":
        deadline = time.monotonic() + (_BACK_TIMEOUT if self.definition.reset else 0)
        while True:
            try:
                return SshMachine(self.definition, cancellation)
            except MachineError:
                if time.monotonic() > deadline:
                    raise
                cancellation.wait(1)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill a process group, unless the process was waited for already: its id may be reused by now."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)


class SshMachine(OnTerminal):
    """A shell on the host; guest commands share its connection."""

    def __init__(self, definition: SshDefinition, cancellation: Cancellation) -> None:
        self._stack = ExitStack()
        folder = self._stack.enter_context(temporary_folder())
        config = ("-F", str(definition.folder / definition.config)) if definition.config else ()
        self._ssh = ["ssh", *config, "-S", f"{folder}/c", *_OPTIONS]
        self._host = definition.host
        shell = shlex.join(shells())
        log = folder / "log"
        command = [*self._ssh, "-M", "-tt", "-E", str(log), "-o", "ControlPersist=no", self._host, f"exec {shell}"]
        self._shell = TerminalProcess(command, {**os.environ, "TERM": "xterm-256color"})
        try:
            with cancellation.ending(self.kill):
                wait_for_prompt(self.terminal, _PROMPT_TIMEOUT)
            self._is_root = self.run("id -u").strip() == "0"
        except MachineError as error:
            said = log.read_text(errors="replace").strip() if log.exists() else ""
            self.close()
            hint = f"try it: ssh -o BatchMode=yes {definition.host}"
            raise MachineError(
                f"{definition.host} can't be used: {said or error.problem.message}", hint=hint
            ) from error
        except BaseException:
            self.close()
            raise

    @property
    def root_shell(self) -> str:
        """sudo without a password, if the user is not root."""
        return "bash" if self._is_root else "sudo -n -s"

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a shell script on the host and return its output. Raises MachineError."""
        command = shlex.join(["sh", "-c", script])
        if as_root:
            command = f"if [ $(id -u) = 0 ]; then {command}; else sudo -n {command}; fi"
        remote = shlex.join(["sh", "-c", command])
        return run_command([*self._ssh, self._host, remote], f"on {self._host}", stdin, timeout)

    def close(self) -> None:
        """End the connection. Idempotent."""
        self._shell.close()
        self._stack.close()
