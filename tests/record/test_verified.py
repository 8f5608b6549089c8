"""When a session was verified last, and whether that still counts."""

from pathlib import Path

from castdeck.record.order import Order
from castdeck.record.verdict import BlockVerdict, SessionVerdict
from castdeck.record.verified import History, keep_verdicts, not_verified_since
from tests.farm.test_merge import DRIFT
from tests.farm.test_shards import TEXT
from tests.record.made import an_order, record_all

SAME = SessionVerdict("course", "", (BlockVerdict("a-1", Path("deck.md"), 3, 1.0),))
DRIFTED = SessionVerdict("course", "", (BlockVerdict("a-1", Path("deck.md"), 3, 1.0, (DRIFT,)),))


def recorded(tmp_path: Path, text: str = TEXT) -> Order:
    order = an_order(text, tmp_path / "recordings")
    record_all(order)
    return order


def left(order: Order, tmp_path: Path, since: float) -> set[str]:
    history = History(tmp_path / "cache", tmp_path / "recordings")
    return set(not_verified_since(order, history, since).sessions or ())


def test_what_was_verified_lately_is_skipped(tmp_path: Path) -> None:
    order = recorded(tmp_path)
    assert left(order, tmp_path, 0) == {"", "db"}
    keep_verdicts(order, History(tmp_path / "cache", tmp_path / "recordings"), [SAME], 100.0)
    assert left(order, tmp_path, 100) == {"db"}
    assert left(order, tmp_path, 101) == {"", "db"}


def test_another_folder_of_recordings_has_a_history_of_its_own(tmp_path: Path) -> None:
    order = recorded(tmp_path)
    keep_verdicts(order, History(tmp_path / "cache", tmp_path / "others"), [SAME], 100.0)
    assert left(order, tmp_path, 0) == {"", "db"}


def test_what_drifted_or_was_changed_since_is_verified_again(tmp_path: Path) -> None:
    order = recorded(tmp_path)
    history = History(tmp_path / "cache", tmp_path / "recordings")
    keep_verdicts(order, history, [SAME], 100.0)
    keep_verdicts(order, history, [DRIFTED], 200.0)
    assert left(order, tmp_path, 0) == {"", "db"}
    keep_verdicts(order, history, [SAME], 300.0)
    assert left(order, tmp_path, 0) == {"db"}
    assert left(recorded(tmp_path, TEXT.replace("echo one", "echo other")), tmp_path, 0) == {"", "db"}


def test_a_history_that_can_not_be_read_is_begun_anew(tmp_path: Path) -> None:
    order = recorded(tmp_path)
    keep_verdicts(order, History(tmp_path / "cache", tmp_path / "recordings"), [SAME], 100.0)
    (kept,) = (tmp_path / "cache/verified").iterdir()
    for damage in (
        "",
        "[",
        '{"version": 1, "sessions": []}',
        "[]",
        "{}",
        '{"version": 1, "sessions": {"": [{}]}}',
        '{"version": 9}',
        "[" * 100_000,
    ):
        kept.write_text(damage)
        assert left(order, tmp_path, 0) == {"", "db"}


def test_the_history_does_not_grow_without_end(tmp_path: Path) -> None:
    order = recorded(tmp_path)
    for when in range(40):
        keep_verdicts(order, History(tmp_path / "cache", tmp_path / "recordings"), [SAME], float(when))
    history = History(tmp_path / "cache", tmp_path / "recordings").of("")
    assert (len(history), history[-1].when) == (30, 39.0)
