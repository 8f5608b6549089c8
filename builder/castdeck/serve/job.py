"""Messages between the preview and its recorder process, as values."""

from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.text import DeckText
from castdeck.problems import Problem
from castdeck.workspace import Workspace


@dataclass(frozen=True)
class RecordJob:
    """Record what is stale in a deck; with `slide`, all blocks of that slide and what is stale before it.

    The machine is prepared at once, and recording begins after `pause` seconds. A job replaces the previous one;
    `number` identifies it.
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
    """A step before the next block can be recorded, such as starting a machine."""

    what: str


@dataclass(frozen=True)
class BlockStarted:
    """The recording of a block has begun."""

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
    """Job `number` has ended; `problem` is the reason if it was not finished."""

    number: int
    problem: Problem | None = None


RecorderEvent = StepStarted | BlockStarted | ScreenChanged | BlockEnded | JobDone
