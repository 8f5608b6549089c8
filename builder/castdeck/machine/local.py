"""The kind of machine called `local`: programs of this computer in a bubblewrap sandbox, with a temporary home.

It shares the host's kernel, so it isolates less than a virtual machine: it is never the default, needs permission, and
warns each time. https://github.com/containers/bubblewrap
"""

import base64
import itertools
import os
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError
from castdeck.leftovers import temporary_folder
from castdeck.machine.foreign import GoneError, Lines, TooLongError
from castdeck.machine.protocol import COMMAND_TIMEOUT, Step
from castdeck.machine.settings import Table
from castdeck.machine.shells import shells
from castdeck.machine.terminal import wait_for_prompt
from castdeck.machine.terminal_process import OnTerminal, TerminalProcess
from castdeck.machine.unprivileged import limited, unprivileged

_USER, _NUMBER = "student", "1000"
_HOME = f"/home/{_USER}"
_PROMPT = r"\u@\h:\w\$ "
_PROMPT_TIMEOUT = 30.0
_ROOM = 512 << 20  # bytes per folder
_MEMORY = 4 << 30  # bytes of memory per program
_PROCESSES = 512
_MOST_PRINTED = 64 << 20  # bytes of a guest command's output, in base64
_READABLE = ("/usr", "/etc/alternatives", "/etc/bash.bashrc", "/etc/ld.so.cache", "/etc/ssl/certs", "/etc/terminfo")
_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
_ENVIRONMENT = {
    "HOME": _HOME,
    "USER": _USER,
    "LOGNAME": _USER,
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "TERM": "xterm-256color",
    "SHELL": "/bin/bash",
}


def define(table: Table) -> "LocalDefinition":
    """The sandbox defined by a table. Raises WorkspaceError."""
    table.only()
    if table.parent:
        raise table.wrong("from: a sandbox can't be based on another machine")
    return LocalDefinition(table.name, table.folder)


@dataclass(frozen=True)
class LocalDefinition:
    """A sandbox's definition; `folder` is the workspace that defines it."""

    name: str
    folder: Path | None
    memory: int = 0
    network: str = "none"
    accelerator: str = "none"
    images: tuple[str, ...] = ()

    @property
    def identity(self) -> str:
        """A constant: the programs on this computer are not inspected."""
        return f"{self.name}-local"

    @property
    def risk(self) -> str:
        """Blocks run on this computer's kernel."""
        whose = f"of {self.folder}" if self.folder else "of decks outside any workspace"
        return f"runs the blocks {whose} on this computer itself, held only by a sandbox"

    def versions(self) -> Mapping[str, str]:
        """None: the programs are this computer's."""
        return {}

    def ready(self, cache: Path, step: Step, accelerator: str = "") -> "LocalReady":
        """Check that the sandbox's programs are installed. Raises MachineError."""
        if accelerator:
            raise MachineError(f"the machine {self.name} is this computer: there is no accelerator to choose")
        missing = [tool for tool in ("bwrap", "setpriv", "prlimit") if shutil.which(tool) is None]
        if missing:
            hint = "sudo apt-get install bubblewrap util-linux (Linux only)"
            raise MachineError(
                f"the sandbox can't be used on this computer: {', '.join(missing)} is missing", hint=hint
            )
        return LocalReady(self)


@dataclass(frozen=True)
class LocalReady:
    """Starts sandboxes."""

    definition: LocalDefinition

    @property
    def summary(self) -> str:
        """What it is, for the user."""
        return "in a sandbox on this computer, without checkpoints: each session is replayed from its start"

    def checkpoints(self, room: int) -> None:
        """None: a sandbox's state can't be saved."""

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator["LocalMachine"]:
        """Start a sandbox with an empty home."""
        with closing(LocalMachine(self.definition.name, cancellation or Cancellation())) as machine:
            yield machine


class LocalMachine(OnTerminal):
    """A shell in a sandbox: no network, no root, limited memory, and of the host's files only its programs."""

    root_shell = ""

    def __init__(self, name: str, cancellation: Cancellation) -> None:
        self._stack = ExitStack()
        folder = self._stack.enter_context(temporary_folder())
        folder.chmod(0o755)
        self._numbers = itertools.count()
        self._socket, theirs = socket.socketpair()
        self._commands = Lines(self._socket, _MOST_PRINTED)
        command = [*unprivileged(), *limited(_ROOM, _MEMORY, _PROCESSES), *_sandbox(name, folder)]
        command += [*_with_command_loop(shells(_PROMPT)), str(theirs.fileno())]
        with theirs:
            os.set_inheritable(theirs.fileno(), True)
            self._shell = TerminalProcess(command, {"PATH": os.environ.get("PATH", "")}, keep=(theirs.fileno(),))
        try:
            with cancellation.ending(self.kill):
                wait_for_prompt(self.terminal, _PROMPT_TIMEOUT)
        except MachineError as error:
            self.close()
            raise MachineError(f"the sandbox did not start: {error.problem.message}") from error
        except BaseException:
            self.close()
            raise

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a shell script in the sandbox and return its output. Raises MachineError, always if `as_root`."""
        if as_root:
            raise MachineError("there is no root in a sandbox")
        number = next(self._numbers)
        texts = (base64.b64encode(text.encode()).decode() for text in (script, stdin))
        deadline = time.monotonic() + timeout
        try:
            self._commands.send(" ".join((str(number), f"{timeout:g}", *texts)).encode(), deadline)
            while (answer := self._commands.receive(deadline).split())[:1] != [str(number).encode()]:
                pass  # the answer of an earlier command that timed out
            printed = base64.b64decode(b"".join(answer[2:]), validate=True).decode(errors="replace")
        except TimeoutError:
            raise MachineError(f"in the sandbox, a command took longer than {timeout:.0f} s") from None
        except GoneError as error:
            raise MachineError(f"the sandbox is gone ({error})") from error
        except (TooLongError, ValueError):
            raise MachineError(
                "the sandbox sent an invalid answer", hint="did a block of the deck interfere?"
            ) from None
        if answer[1:2] != [b"0"]:
            raise MachineError(f"in the sandbox, a command failed:\n{printed.strip()[-1500:]}")
        return printed

    def close(self) -> None:
        """End the sandbox. Idempotent."""
        self._shell.close()
        self._socket.close()
        self._stack.close()


def _with_command_loop(shell: list[str]) -> list[str]:
    """The command `shell`, and in the background a loop that runs guest commands. Append the socket's number to it."""
    loop = files("castdeck.machine").joinpath("sandbox_commands.sh").read_text(encoding="utf-8")
    script = 'socket=${!#}; bash -c "$0" commands "$socket" </dev/null & eval "exec $socket>&-"; exec "${@:1:$#-1}"'
    return ["bash", "-c", script, loop, *shell]


def _sandbox(name: str, folder: Path) -> list[str]:
    (folder / "passwd").write_text(f"{_USER}:x:{_NUMBER}:{_NUMBER}::{_HOME}:/bin/bash\n")
    (folder / "group").write_text(f"{_USER}:x:{_NUMBER}:\n")
    room = ["--size", str(_ROOM), "--tmpfs"]
    command = ["bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--cap-drop", "ALL", "--clearenv"]
    command += ["--uid", _NUMBER, "--gid", _NUMBER, "--hostname", name]
    for variable, value in _ENVIRONMENT.items():
        command += ["--setenv", variable, value]
    for path in _READABLE:
        command += ["--ro-bind-try", path, path]
    for link in _LINKS:
        if Path("/", link).is_symlink():
            command += ["--symlink", str(Path("/", link).readlink()), f"/{link}"]
        else:
            command += ["--ro-bind-try", f"/{link}", f"/{link}"]
    for file in ("passwd", "group"):
        command += ["--ro-bind", str(folder / file), f"/etc/{file}"]
    command += ["--proc", "/proc", "--dev", "/dev", *room, "/dev/shm", "--remount-ro", "/dev"]
    command += [*room, "/tmp", *room, "/run", *room, "/var/tmp", *room, _HOME, "--remount-ro", "/", "--chdir", _HOME]
    return [*command, "--"]
