"""What becomes of a line that was entered into a shell."""

from dataclasses import dataclass

from castdeck.machine.waits import Program


@dataclass(frozen=True)
class Ended:
    """The command ended, with that status."""

    status: int


@dataclass(frozen=True)
class More:
    """The shell wants the rest of the command."""


@dataclass(frozen=True)
class NewShell:
    """The shell has ended with `status`, or (None) the machine was started anew; another follows."""

    status: int | None


@dataclass(frozen=True)
class Waits:
    """A program waits for keys."""

    program: Program


Outcome = Ended | More | NewShell | Waits
