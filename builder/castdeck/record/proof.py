"""The proofs of a deck's recordings, from their index and from what `verify` found on this computer."""

from datetime import date
from itertools import groupby
from pathlib import Path

from castdeck.cast.proof import Proof
from castdeck.deck.model import Deck
from castdeck.record.store import Entry, Recordings
from castdeck.record.verified import History, digest


def proofs(deck: Deck, recordings: Recordings, cache: Path) -> dict[str, Proof]:
    """The proof of each recording, by `Block.name`; `cache` is where verifications are kept."""
    history = History(cache, recordings.folder)
    found: dict[str, Proof] = {}
    by_session = sorted(deck.blocks, key=lambda block: block.session)
    for session, blocks in groupby(by_session, key=lambda block: block.session):
        kept = [(block.name, entry) for block in blocks if (entry := recordings.entry(block.name))]
        when = history.verified_at(session, digest((entry.key, entry.cast) for _, entry in kept))
        day = date.fromtimestamp(when).isoformat() if when else ""
        found |= {name: _proof(entry, day) for name, entry in kept}
    return found


def _proof(entry: Entry, verified: str) -> Proof:
    machine = entry.machine.rpartition("-")[0] or entry.machine
    statuses = tuple(seen.status for seen in entry.commands)
    return Proof(entry.recorded, machine, entry.tools, statuses, round(entry.seconds, 1), verified)
