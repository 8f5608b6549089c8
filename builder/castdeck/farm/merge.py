"""Joins what shards brought: their verdicts, and their recordings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from castdeck.farm.sessions import PlannedSession
from castdeck.record.kept import is_recording_of
from castdeck.record.store import Recordings
from castdeck.record.verdict import SessionVerdict

NOT_RUN = "no shard brought its verdict"


class MergeError(ValueError):
    """Results don't belong together."""


def merged_verdicts(
    results: Iterable[Sequence[SessionVerdict]], expected: Sequence[PlannedSession]
) -> list[SessionVerdict]:
    """One verdict for each of the sessions `expected`, in their order; NOT_RUN is the failure of those that have none.

    Raises MergeError for a session that has two verdicts, or is not expected.
    """
    found: dict[str, SessionVerdict] = {}
    known = {session.id for session in expected}
    for result in results:
        for verdict in result:
            if verdict.id not in known:
                raise MergeError(f"a verdict of {verdict.id}, which is not a session of these decks")
            if verdict.id in found:
                raise MergeError(f"two verdicts of {verdict.id}: was a shard run twice?")
            found[verdict.id] = verdict
    return [found.get(session.id, SessionVerdict(session.deck, session.session, (), NOT_RUN)) for session in expected]


@dataclass(frozen=True)
class Taken:
    """The names of a session's blocks whose recordings were taken over, and of those that nobody has recorded."""

    taken: tuple[str, ...]
    missing: tuple[str, ...]


def take_recordings(session: PlannedSession, into: Recordings, others: Sequence[Recordings]) -> Taken:
    """Keep what one of the `others` has recorded for blocks of `session` that have no valid recording.

    Only a whole recording with just the block's key is taken; all else that is there is left.
    """
    taken, missing = [], []
    for planned in session.blocks:
        if not planned.is_wanted:
            continue
        block = planned.block
        for other in others:
            name = other.holder(block.name, planned.key, block.hidden)
            entry = other.entry(name) if name else None
            cast = other.whole_cast(name) if name and not block.hidden else None
            if entry and is_recording_of(entry, cast, block):
                into.keep(block.name, entry, cast)
                taken.append(block.name)
                break
        else:
            missing.append(block.name)
    return Taken(tuple(taken), tuple(missing))
