"""What a deck says of its recordings: the day, the machine, the statuses, and whether just these were verified."""

from datetime import UTC, date, datetime
from pathlib import Path

from castdeck.cast.model import Cast, Event
from castdeck.deck import parse_deck
from castdeck.record.proof import proofs
from castdeck.record.store import Entry, Recordings, Seen
from castdeck.record.verified import History, Verification, digest

DECK = "# One\n\n```bash\ntrue\nfalse\n```\n\n```bash {session=other}\ntrue\n```\n\n```bash\necho new\n```\n"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp()


def recorded(folder: Path) -> Recordings:
    kept = Recordings(folder)
    seen = (Seen("true", 0, 0.26), Seen("false", 1, 1.0))
    cast = Cast(80, 24, (Event(0.0, "o", "$ "),))
    kept.keep("one-1", Entry("key", "own", "docker-26cc893f500c8a6b", {"qemu": "7"}, seen, recorded="2026-11-12"), cast)
    kept.keep("one-2", Entry("key", "own", "local"), cast)
    return kept


def verify(tmp_path: Path, session: str, *, drifted: int = 0, key: str = "key") -> None:
    entry = Recordings(tmp_path / "casts").entry("one-1")
    assert entry
    stands_for = digest([(key, entry.cast)])
    History(tmp_path, tmp_path / "casts").add(session, Verification(NOON, stands_for, "docker", 1, drifted, 1.0))


def test_a_recording_has_its_day_machine_and_statuses_and_what_is_not_recorded_has_none(tmp_path: Path) -> None:
    recorded(tmp_path / "casts")
    found = proofs(parse_deck(DECK, tmp_path / "deck.md"), Recordings(tmp_path / "casts"), tmp_path)
    assert sorted(found) == ["one-1", "one-2"]
    one = found["one-1"]
    assert (one.recorded, one.machine, one.statuses, one.seconds) == ("2026-11-12", "docker", (0, 1), 1.3)
    assert (one.verified, found["one-2"].recorded, found["one-2"].machine) == ("", "", "local")


def test_only_a_verification_of_just_these_recordings_that_held_counts(tmp_path: Path) -> None:
    recorded(tmp_path / "casts")
    deck = parse_deck(DECK, tmp_path / "deck.md")
    session = deck.blocks[0].session

    def verified() -> str:
        return proofs(deck, Recordings(tmp_path / "casts"), tmp_path)["one-1"].verified

    verify(tmp_path, session)
    assert verified() == date.fromtimestamp(NOON).isoformat()
    verify(tmp_path, session, drifted=1)
    assert verified() == ""
    verify(tmp_path, session, key="another")
    assert verified() == ""
