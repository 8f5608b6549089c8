"""Events of recording, as values: for a progress display, a log, a preview."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.model import Block, CommandLine
from castdeck.problems import Problem


@dataclass(frozen=True)
class Work:
    """One session of a deck, which runs on one machine. `session` is "" for blocks without a session name."""

    deck: Path
    session: str = ""


@dataclass(frozen=True)
class WorkBegins:
    """A session will run, with `of` blocks; sent for all sessions before the first one starts."""

    work: Work
    of: int


@dataclass(frozen=True)
class Doing:
    """Something other than a block takes a while, such as starting a machine or saving a checkpoint."""

    work: Work
    what: str


@dataclass(frozen=True)
class MachineStarts(Doing):
    """The session's machine is started."""


@dataclass(frozen=True)
class BlockBegins:
    """A block begins. `replayed` means that it is only run again for the blocks after it.

    It is block `number` (from 1) of the `of` blocks to record; `left` is the estimated time for it and the rest, in
    seconds, None if some of them never ran before.
    """

    work: Work
    block: Block
    number: int
    of: int
    left: float | None
    replayed: bool = False


@dataclass(frozen=True)
class CommandBegins:
    """A line is typed."""

    work: Work
    line: CommandLine


@dataclass(frozen=True)
class Shown:
    """The terminal shows something."""

    work: Work
    data: bytes


@dataclass(frozen=True)
class BlockEnds:
    """A block ended after `seconds` (`command_seconds` without castdeck's own time), or failed because of `problem`."""

    work: Work
    block: Block
    seconds: float = 0.0
    command_seconds: float = 0.0
    failed: bool = False
    problem: Problem | None = None


@dataclass(frozen=True)
class BlockStopped:
    """A block was cancelled while it ran."""

    work: Work
    block: Block


@dataclass(frozen=True)
class BlockDrifts:
    """What a block does now is not what was recorded, nor what the deck says; the `problem` says where."""

    work: Work
    block: Block
    problem: Problem


@dataclass(frozen=True)
class WorkEnds:
    """The session has ended."""

    work: Work


Event = WorkBegins | Doing | BlockBegins | CommandBegins | Shown | BlockEnds | BlockStopped | BlockDrifts | WorkEnds
Tell = Callable[[Event], None]
