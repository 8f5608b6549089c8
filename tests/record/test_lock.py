"""One castdeck at a time records a deck."""

import threading
from pathlib import Path

from castdeck.record.lock import only_recorder
from castdeck.record.store import Entry


def test_the_second_waits_says_so_and_then_sees_what_the_first_has_recorded(tmp_path: Path) -> None:
    waits, seen = threading.Event(), list[object]()

    def second() -> None:
        with only_recorder(tmp_path / "casts", tmp_path / "cache", waits.set) as recordings:
            seen.append(recordings.entry("a-1"))

    entry = Entry("key", "own", "machine")
    with only_recorder(tmp_path / "casts", tmp_path / "cache", lambda: None) as recordings:
        other = threading.Thread(target=second)
        other.start()
        assert waits.wait(20)
        recordings.keep("a-1", entry, None)
        assert not seen
    other.join(20)
    assert seen == [entry]


def test_other_decks_do_not_wait(tmp_path: Path) -> None:
    def fails() -> None:
        raise AssertionError

    with (
        only_recorder(tmp_path / "one", tmp_path, fails),
        only_recorder(tmp_path / "two", tmp_path, fails),
    ):
        pass
    with only_recorder(tmp_path / "one", tmp_path, fails):
        pass
