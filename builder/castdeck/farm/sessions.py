"""Sessions as data: what has to run, in which order of cost, and what it needs. `castdeck plan --json` prints it.

A session is the unit of work: its blocks share one machine, so it is never divided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from castdeck.deck.model import session_id
from castdeck.record.order import Order
from castdeck.record.plan import Planned

VERSION = 1
UNKNOWN_SECONDS = 30.0
"""What a block that was never recorded is taken to cost, when sessions are divided."""


@dataclass(frozen=True)
class PlannedSession:
    """One session of one deck, with its blocks in the order in which they run.

    `deck` is the deck's name, `path` its file, `session` its own name ("" for blocks that name none). `machine` and
    `identity` say which machine it runs on, `memory` how many MiB that takes, `network` what it reaches,
    `accelerator` what makes it faster.
    """

    deck: str
    path: Path
    session: str
    machine: str
    identity: str
    memory: int
    network: str
    accelerator: str
    blocks: tuple[Planned, ...]

    @property
    def id(self) -> str:
        """The session's name among all sessions, such as "docker" or "docker/db"."""
        return session_id(self.deck, self.session)

    @property
    def is_fresh(self) -> bool:
        """Whether all its recordings are valid."""
        return not any(block.is_wanted for block in self.blocks)

    @property
    def seconds(self) -> float:
        """How long its commands ran when they were last recorded; UNKNOWN_SECONDS for each block that never was."""
        return sum(UNKNOWN_SECONDS if block.seconds is None else block.seconds for block in self.blocks)


def planned_sessions(decks: Iterable[tuple[str, Order]]) -> list[PlannedSession]:
    """The sessions to run of decks, each given by its name and order, as the decks have them."""
    found: list[PlannedSession] = []
    for name, order in decks:
        definition = order.settings.definition
        found += [
            PlannedSession(
                deck=name,
                path=order.deck.path,
                session=blocks[0].block.session,
                machine=definition.name,
                identity=order.settings.machine,
                memory=definition.memory,
                network=definition.network,
                accelerator=definition.accelerator,
                blocks=blocks,
            )
            for blocks in order.sessions_to_run(order.plan())
        ]
    return found


class PlanDocument(TypedDict):
    """The sessions as JSON values; docs/scale.md describes them."""

    version: int
    sessions: list[dict[str, object]]


def as_json(sessions: Sequence[PlannedSession]) -> PlanDocument:
    """The document of `castdeck plan --json`. Seconds are those of the last recording."""
    return {"version": VERSION, "sessions": [_session(session) for session in sessions]}


def _session(session: PlannedSession) -> dict[str, object]:
    return {
        "id": session.id,
        "deck": session.deck,
        "path": session.path.as_posix(),
        "session": session.session,
        "needs": {
            "machine": session.machine,
            "identity": session.identity,
            "memory": session.memory,
            "network": session.network,
            "accelerator": session.accelerator,
        },
        "seconds": round(session.seconds, 3),
        "fresh": session.is_fresh,
        "blocks": [_block(block) for block in session.blocks],
    }


def _block(planned: Planned) -> dict[str, object]:
    return {
        "name": planned.block.name,
        "line": planned.block.line,
        "state": planned.state,
        "reason": planned.why,
        "before": planned.before,
        "key": planned.key,
        "seconds": None if planned.seconds is None else round(planned.seconds, 3),
    }
