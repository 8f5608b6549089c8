"""When each session was last verified, on which machine, and with what result: kept in the user's cache folder.

`castdeck verify --since` skips what was verified lately, the HTML report shows the trend, and a deck shows its proof.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from castdeck import atomic
from castdeck.record.order import Order
from castdeck.record.plan import Planned
from castdeck.record.store import Recordings
from castdeck.record.verdict import SessionVerdict

_VERSION = 1
_MOST = 30  # verifications kept a session


@dataclass(frozen=True)
class Verification:
    """One verification of a session: at `when` (seconds since 1970), of the recordings that `digest` stands for.

    `machine` is the machine's identity, `blocks` how many blocks were compared, `drifted` how many of them differed,
    `seconds` how long all took.
    """

    when: float
    digest: str
    machine: str
    blocks: int
    drifted: int
    seconds: float


class History:
    """The verifications of one deck's sessions; `recordings` is the folder of its recordings."""

    def __init__(self, cache: Path, recordings: Path) -> None:
        name = hashlib.sha256(str(recordings.resolve()).encode()).hexdigest()[:24]
        self._path = cache / "verified" / f"{name}.json"
        self._sessions = _read(self._path)

    def of(self, session: str) -> tuple[Verification, ...]:
        """The verifications of a session, the oldest first."""
        return self._sessions.get(session, ())

    def is_verified(self, session: str, digest: str, since: float) -> bool:
        """Whether just these recordings were verified at or after `since` (seconds since 1970), and did not differ."""
        return self.verified_at(session, digest) >= max(since, 1)

    def verified_at(self, session: str, digest: str) -> float:
        """When just these recordings were last verified and held, in seconds since 1970; 0 where they were not."""
        last = self.of(session)[-1:]
        return next((one.when for one in last if one.digest == digest and not one.drifted), 0)

    def add(self, session: str, verification: Verification) -> None:
        """Keep a verification. Raises OSError."""
        self._sessions[session] = (*self.of(session), verification)[-_MOST:]
        sessions = {name: [asdict(one) for one in found] for name, found in sorted(self._sessions.items())}
        atomic.write(self._path, json.dumps({"version": _VERSION, "sessions": sessions}, indent=1))


def digest_of(blocks: Sequence[Planned], recordings: Recordings) -> str:
    """Stands for a session's blocks and their recordings: another text, machine or cast gives another digest."""
    entries = ((planned.key, recordings.entry(planned.kept_as)) for planned in blocks)
    return digest((key, entry.cast if entry else "") for key, entry in entries)


def digest(keys_and_casts: Iterable[tuple[str, str]]) -> str:
    """The same for the keys and the casts' checksums of a session's recordings."""
    return hashlib.sha256(json.dumps([list(one) for one in keys_and_casts]).encode()).hexdigest()[:32]


def not_verified_since(order: Order, history: History, since: float) -> Order:
    """The order without those sessions whose recordings were verified at or after `since`, and held."""
    sessions = order.sessions_to_run(order.plan())
    return replace(
        order,
        sessions=frozenset(
            blocks[0].block.session
            for blocks in sessions
            if not history.is_verified(blocks[0].block.session, digest_of(blocks, order.recordings), since)
        ),
    )


def keep_verdicts(order: Order, history: History, verdicts: Sequence[SessionVerdict], when: float) -> None:
    """Add what `verify` found at `when` (seconds since 1970) to the history. Raises OSError."""
    sessions = {blocks[0].block.session: blocks for blocks in order.sessions_to_run(order.plan())}
    for verdict in verdicts:
        history.add(
            verdict.session,
            Verification(
                when=when,
                digest=digest_of(sessions[verdict.session], order.recordings),
                machine=order.settings.machine,
                blocks=len(verdict.blocks),
                drifted=sum(bool(block.drifts) for block in verdict.blocks),
                seconds=sum(block.seconds for block in verdict.blocks),
            ),
        )


def _read(path: Path) -> dict[str, tuple[Verification, ...]]:
    """What is kept; nothing where it can't be read, for it is only a cache."""
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["version"] == _VERSION:
            return {str(name): tuple(Verification(**one) for one in found) for name, found in kept["sessions"].items()}
    return {}
