"""The interface that each kind of machine implements.

A kind is a function `define(table) -> Definition`, registered as an entry point in the group `castdeck.machines` under
the name used in `kind = "..."` of `[machine.NAME]`. See docs/machines.md.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from castdeck.cancellation import Cancellation
from castdeck.machine.settings import Table

Step = Callable[[str], None]
"""Called with the current step, as the end of a sentence that begins with "castdeck is"."""

COMMAND_TIMEOUT = 60.0  # seconds


class Machine(Protocol):
    """A running machine, with bash at its prompt on a terminal of its own.

    When that shell ends, another is started. Each is preceded by the mark `ESC ] 133 ; L ; STATUS BEL` with the exit
    status of the previous one, which is empty for the first.
    """

    @property
    def terminal(self) -> int:
        """The open descriptor of the shell's terminal: reading gives its output, writing types."""

    @property
    def root_shell(self) -> str:
        """The command to type for a root shell; "" if there is no root."""

    def resize(self, cols: int, rows: int) -> None:
        """Set the size of the terminal."""

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a POSIX shell script outside of the terminal, as the terminal's user or as root, and return its output.

        Raises MachineError if it fails, or takes more than `timeout` seconds.
        """

    def is_lost(self) -> bool:
        """Whether the machine has ended unexpectedly, or does within a second."""

    def processor_seconds(self) -> float | None:
        """The processor time that the machine has used so far, in seconds; None if that is not known."""

    def kill(self) -> None:
        """Kill the machine; whatever waits for it fails. Thread-safe. `close` still has to be called."""

    def close(self) -> None:
        """End the machine and free its resources. Idempotent."""


class Checkpoints(Protocol):
    """Saved states of a machine on disk, each under a key."""

    def has(self, key: str) -> bool:
        """Whether there is a checkpoint with that key."""

    def held(self, key: str) -> AbstractContextManager[None]:
        """Protect a checkpoint, if it exists, from removal during the block."""

    def save(self, key: str, machine: object) -> bool:
        """Save the current state of a machine, which was started by the same `Ready`.

        False if it was not saved, because another process is saving it or there is no room. Raises MachineError if it
        can't be written; then nothing incomplete is left.
        """

    def discard(self, key: str) -> None:
        """Remove an unusable checkpoint."""

    def trim(self) -> None:
        """Remove the least recently used checkpoints until the others fit into the room."""


class Ready(Protocol):
    """A machine that is ready to be started, any number of times."""

    @property
    def summary(self) -> str:
        """What it is and where, as the end of a sentence that begins with "ready"; for the user."""

    def started(self, state: str = "", cancellation: Cancellation | None = None) -> AbstractContextManager[Machine]:
        """Start a machine, from the checkpoint `state` if given, and end it after the `with` block.

        Raises MachineError if it does not start, or if `cancellation` ended it during start-up.
        """

    def checkpoints(self, room: int) -> Checkpoints | None:
        """The machine's checkpoints, which may take `room` bytes; None if states can't be saved."""


class Definition(Protocol):
    """A machine's definition from castdeck.toml, validated."""

    @property
    def name(self) -> str:
        """The name of the machine."""

    @property
    def identity(self) -> str:
        """The content hash of the machine's definition. When it changes, recordings are stale. Nothing is started to
        compute it."""

    @property
    def memory(self) -> int:
        """The memory that one running machine takes, in MiB."""

    @property
    def network(self) -> str:
        """Its network access: "none" or "internet"."""

    @property
    def accelerator(self) -> str:
        """The accelerator that computers of this kind can have: "kvm", "hvf" or "none"."""

    @property
    def images(self) -> tuple[str, ...]:
        """The container images that it contains."""

    @property
    def risk(self) -> str:
        """What a block may do beyond changing a throw-away machine, as a sentence whose subject is the machine's name.

        "" if nothing. Otherwise the user has to permit exactly this sentence before the machine is used.
        """

    def versions(self) -> Mapping[str, str]:
        """The versions of programs that recordings depend on."""

    def ready(self, cache: Path, step: Step, accelerator: str = "") -> Ready:
        """Build the machine in the folder `cache` if necessary; `step` is told about progress.

        `accelerator` selects one, for kinds that know several. Raises MachineError.
        """


Define = Callable[[Table], Definition]
"""Reads a table. Raises WorkspaceError for an invalid setting or value."""
