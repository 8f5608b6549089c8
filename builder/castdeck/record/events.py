"""What happens while decks are recorded, as values: for a progress display, a log, a preview."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.model import Block, CommandLine
from castdeck.problems import Problem


@dataclass(frozen=True)
class Work:
    """One session of one deck: what runs on one machine. `session` is "" for the blocks that name none."""

    deck: Path
    session: str = ""


@dataclass(frozen=True)
class WorkBegins:
    """Work that is to come, with `of` blocks; told of all works before the first one runs."""

    work: Work
    of: int


@dataclass(frozen=True)
class Doing:
    """Something that takes a while and is no block: a machine that is started, a state that is kept."""

    work: Work
    what: str


@dataclass(frozen=True)
class BlockBegins:
    """A block is typed. `replayed` when it is only run again, for those after it.

    It is the one of that `number`, from 1, of the `of` blocks that this work records; `left` is about how many seconds
    it takes until all of them have run, from this one on, None where some never ran.
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
    """A block ran in `seconds` (`command_seconds` without castdeck's own time), or failed; the `problem` says why."""

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
    """Nothing comes of this work any more."""

    work: Work


Event = WorkBegins | Doing | BlockBegins | CommandBegins | Shown | BlockEnds | BlockStopped | BlockDrifts | WorkEnds
Tell = Callable[[Event], None]
