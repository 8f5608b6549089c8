"""Orders for recording, and their results."""

from dataclasses import dataclass, replace
from pathlib import Path

from castdeck.deck.model import Block, Deck
from castdeck.deck.skip import Skip
from castdeck.problems import Problem
from castdeck.record.plan import RENAMED, Plan, Planned, plan
from castdeck.record.settings import Settings
from castdeck.record.store import Recordings


@dataclass(frozen=True)
class Order:
    """A deck to record: settings, recordings, and what to record again although it is fresh.

    `sessions` limits the sessions to run; None means all. `made_plan` is its plan, if it has been made.
    """

    deck: Deck
    recordings: Recordings
    settings: Settings
    force: bool = False
    slide: str = ""
    sessions: frozenset[str] | None = None
    made_plan: Plan | None = None

    def plan(self) -> Plan:
        """Plan what has to be recorded."""
        return self.made_plan or plan(self.deck, self.recordings, self.settings, self.force, self.slide)

    def planned(self) -> "Order":
        """The order with its plan made once and for all: for work that changes no recordings."""
        return replace(self, made_plan=self.plan())

    def sessions_to_run(self, planned: Plan) -> tuple[tuple[Planned, ...], ...]:
        """The sessions to run, each with its blocks in order."""
        chosen = self.sessions
        return tuple(blocks for blocks in planned.sessions if chosen is None or blocks[0].block.session in chosen)

    def rename(self, planned: Plan) -> None:
        """Rename recordings of blocks that have a new name."""
        renamed = {one.block.name: one.kept_as for one in planned.blocks if one.state == RENAMED}
        self.recordings.rename(renamed, {block.name for block in self.deck.blocks})


@dataclass(frozen=True)
class Recorded:
    """A newly recorded block: the duration of the recording, and of its commands alone, in seconds."""

    block: Block
    seconds: float
    command_seconds: float


@dataclass(frozen=True)
class Outcome:
    """The result of one session. `not_reached` counts the blocks after an error that ended it."""

    recorded: tuple[Recorded, ...] = ()
    fresh: int = 0
    not_reached: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Report:
    """The result of recording a deck.

    `problems` are failures (errors) and blocks that can't be run (warnings), except those marked .norun. `skipped` has
    the reasons for all of them.
    """

    deck: Path
    recorded: tuple[Recorded, ...]
    fresh: int
    not_reached: int
    problems: tuple[Problem, ...]
    skipped: tuple[Skip, ...] = ()
