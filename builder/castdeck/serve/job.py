"""What the preview asks of its recorder and what it is told, as values that go from one process to the other."""

from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.text import DeckText
from castdeck.problems import Problem
from castdeck.workspace import Workspace


@dataclass(frozen=True)
class RecordJob:
    """Record what is not fresh in a deck's text; of a `slide`, all its blocks, and nothing after it.

    The machine is made ready at once, and recording begins after `pause` seconds. A job takes the place of the one
    before it; `number` tells them apart.
    """

    text: DeckText
    deck: Path
    recordings: Path
    workspace: Workspace
    slide: str = ""
    pause: float = 0.0
    number: int = 0


@dataclass(frozen=True)
class StepStarted:
    """What is done before the next block can be recorded, in words."""

    what: str


@dataclass(frozen=True)
class BlockStarted:
    """A block is recorded."""

    block: str


@dataclass(frozen=True)
class ScreenChanged:
    """The terminal's last lines while a block is recorded."""

    block: str
    text: str


@dataclass(frozen=True)
class BlockEnded:
    """A block was recorded, or failed with a problem."""

    block: str
    problem: Problem | None = None


@dataclass(frozen=True)
class JobDone:
    """The job of that number is over; `problem` says why nothing more could be recorded."""

    number: int
    problem: Problem | None = None


RecorderEvent = StepStarted | BlockStarted | ScreenChanged | BlockEnded | JobDone
