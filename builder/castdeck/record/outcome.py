"""The outcome of a line entered into a shell."""

from dataclasses import dataclass

from castdeck.machine.waits import Program


@dataclass(frozen=True)
class Ended:
    """The command ended, with that status."""

    status: int


@dataclass(frozen=True)
class More:
    """The shell waits for the rest of the command."""


@dataclass(frozen=True)
class NewShell:
    """The shell has ended with `status`, or (None) the machine has rebooted; another shell follows."""

    status: int | None


@dataclass(frozen=True)
class Waits:
    """A program waits for input."""

    program: Program


Outcome = Ended | More | NewShell | Waits
