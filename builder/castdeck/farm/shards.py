"""Divides sessions among computers that don't talk to each other.

Each of them computes the whole division and takes its part.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from castdeck.farm.sessions import PlannedSession, planned_sessions
from castdeck.record.order import Order

_START = 2.0  # seconds that a session's machine takes to start, about
_SHARD = re.compile(r"(\d{1,4})/(\d{1,4})")


@dataclass(frozen=True)
class Shard:
    """Part `number` (from 1) of `of`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def read_shard(text: str) -> Shard:
    """The shard that "2/8" names. Raises ValueError."""
    found = _SHARD.fullmatch(text)
    shard = Shard(int(found[1]), int(found[2])) if found else None
    if shard is None or not 1 <= shard.number <= shard.of:
        raise ValueError(f"{text!r} is not a shard such as 2/8")
    return shard


def divided(sessions: Sequence[PlannedSession], parts: int) -> list[list[PlannedSession]]:
    """The sessions in so many parts that should take about as long as each other.

    The longest session comes first, and each goes to the part that has least to do: at most 4/3 of the best division
    (Graham, 1969). The same sessions are always divided in the same way.
    """
    shards: list[list[PlannedSession]] = [[] for _ in range(parts)]
    loads = [0.0] * parts
    for session in sorted(sessions, key=lambda session: (-session.seconds, session.id)):
        least = loads.index(min(loads))
        shards[least].append(session)
        loads[least] += _START + session.seconds
    return shards


def only_shard(decks: Sequence[tuple[str, Order]], shard: Shard) -> list[Order]:
    """The decks' orders, each given with the deck's name, for only those sessions that belong to the shard."""
    chosen = {(one.deck, one.session) for one in divided(planned_sessions(decks), shard.of)[shard.number - 1]}
    return [
        replace(order, sessions=frozenset(session for deck, session in chosen if deck == name)) for name, order in decks
    ]
