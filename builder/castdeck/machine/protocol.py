"""What castdeck wants of a machine, whatever it is: the interface that each kind of machine implements.

A kind is a function `define(table) -> Definition`, registered as an entry point of the group `castdeck.machines` under
the word that `kind = "..."` of `[machine.NAME]` uses. See docs/machines.md.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from castdeck.cancellation import Cancellation
from castdeck.machine.settings import Table

Step = Callable[[str], None]
"""Told what is being done, in words that follow "castdeck is"."""

COMMAND_TIMEOUT = 60.0  # seconds


class Machine(Protocol):
    """A running machine with bash at its prompt, on a terminal of its own.

    Where that shell ends another follows. Before each stands the mark `ESC ] 133 ; L ; STATUS BEL` with the exit status
    of the one before it, empty for the first since the machine was started.
    """

    @property
    def terminal(self) -> int:
        """The open descriptor of the shell's terminal: what is read from it is shown, what is written is typed."""

    @property
    def root_shell(self) -> str:
        """What is typed into the shell to have root's bash; "" where there is no root to be had."""

    def resize(self, cols: int, rows: int) -> None:
        """Give the terminal a size in columns and rows."""

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a POSIX shell script beside the terminal, as the terminal's user or as root, and give what it prints.

        `stdin` is its standard input. Raises MachineError when it fails, or takes more than `timeout` seconds.
        """

    def is_lost(self) -> bool:
        """Whether the machine has ended by itself, or does so within a second."""

    def kill(self) -> None:
        """End the machine at once, from any thread; what waits for it fails. `close` is still called afterwards."""

    def close(self) -> None:
        """End the machine and free all that it holds. Calling it again does nothing."""


class Checkpoints(Protocol):
    """States of a machine that are kept on disk, each under the key of the state."""

    def has(self, key: str) -> bool:
        """Whether that state is kept."""

    def held(self, key: str) -> AbstractContextManager[None]:
        """Within the block that state is not removed, if it is there."""

    def save(self, key: str, machine: Any) -> bool:
        """Keep the state that a machine (one that these checkpoints' own `Ready` started) is in.

        False when it is not kept, because another process does so just now or there is no room. Raises MachineError
        when it could not be written; nothing half-written is left.
        """

    def discard(self, key: str) -> None:
        """Remove a state that can't be used."""

    def trim(self) -> None:
        """Remove the states that were used least recently, until all fit into the room that they may take."""


class Ready(Protocol):
    """A machine that can be started, as often as is wanted."""

    @property
    def summary(self) -> str:
        """What was made and where it is, in words that follow "ready"; for the author."""

    def started(self, state: str = "", cancellation: Cancellation | None = None) -> AbstractContextManager[Machine]:
        """A machine as it is before any block, or as it was in the kept state `state`; ended after the block.

        Raises MachineError when it does not start, and when `cancellation` ended it while it was starting.
        """

    def checkpoints(self, room: int) -> Checkpoints | None:
        """The machine's kept states, which may take `room` bytes; None where no state can be kept."""


class Definition(Protocol):
    """What castdeck.toml says of a machine, checked."""

    @property
    def name(self) -> str:
        """What the machine is called."""

    @property
    def identity(self) -> str:
        """What recordings depend on: other text means that they are stale. Computed without starting anything."""

    @property
    def memory(self) -> int:
        """MiB of this computer's memory that one running machine takes."""

    @property
    def network(self) -> str:
        """What it reaches: "none" or "internet"."""

    @property
    def images(self) -> tuple[str, ...]:
        """The names of container images that it has ready."""

    @property
    def risk(self) -> str:
        """What a block may do beside what it does to a throw-away machine, in words that follow the machine's name.

        "" when nothing. Such a machine is only used once its user has allowed just this sentence.
        """

    def versions(self) -> Mapping[str, str]:
        """The programs that recordings on it depend on, with their versions."""

    def ready(self, cache: Path, step: Step, accelerator: str = "") -> Ready:
        """Have the machine made, in the folder `cache`, if that takes something; `step` hears what is being done.

        `accelerator` insists on one where the kind knows several. Raises MachineError.
        """


Define = Callable[[Table], Definition]
"""Reads a table. Raises WorkspaceError for a setting or a value that can't be."""
