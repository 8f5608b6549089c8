"""What is asked of a recording, and what came of it."""

from dataclasses import dataclass
from pathlib import Path

from castdeck.deck.model import Block, Deck
from castdeck.deck.skip import Skip
from castdeck.problems import Problem
from castdeck.record.plan import RENAMED, Plan, Planned, plan
from castdeck.record.settings import Settings
from castdeck.record.store import Recordings


@dataclass(frozen=True)
class Order:
    """A deck to record: what with, where to, and what to do again although it is fresh.

    `sessions` names the only sessions that are to run; None means all of them.
    """

    deck: Deck
    recordings: Recordings
    settings: Settings
    force: bool = False
    slide: str = ""
    sessions: frozenset[str] | None = None

    def plan(self) -> Plan:
        """What has to be recorded."""
        return plan(self.deck, self.recordings, self.settings, self.force, self.slide)

    def sessions_to_run(self, planned: Plan) -> tuple[tuple[Planned, ...], ...]:
        """The sessions of the plan that are to run, each with its blocks in order."""
        chosen = self.sessions
        return tuple(blocks for blocks in planned.sessions if chosen is None or blocks[0].block.session in chosen)

    def rename(self, planned: Plan) -> None:
        """Give the recordings of blocks that have another name now that name."""
        renamed = {one.block.name: one.kept_as for one in planned.blocks if one.state == RENAMED}
        self.recordings.rename(renamed, {block.name for block in self.deck.blocks})


@dataclass(frozen=True)
class Recorded:
    """A block that was recorded now: seconds of the whole recording, and of its commands alone."""

    block: Block
    seconds: float
    command_seconds: float


@dataclass(frozen=True)
class Outcome:
    """What one session came to. `not_reached` counts the blocks that come after an error which ended it."""

    recorded: tuple[Recorded, ...] = ()
    fresh: int = 0
    not_reached: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """What recording a deck came to.

    `problems` holds the failures (errors), and as warnings the blocks that can't be run, but for those marked .norun:
    `skipped` has the reasons of all.
    """

    deck: Path
    recorded: tuple[Recorded, ...]
    fresh: int
    not_reached: int
    problems: tuple[Problem, ...]
    skipped: tuple[Skip, ...] = ()
