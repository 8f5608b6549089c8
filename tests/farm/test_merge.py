"""What shards bring is joined: one verdict a session, and only recordings that are true."""

from pathlib import Path

import pytest

from castdeck.farm.merge import NOT_RUN, MergeError, merged_verdicts, take_recordings
from castdeck.farm.sessions import planned_sessions
from castdeck.record.drift import Drift
from castdeck.record.kept import is_recording_of
from castdeck.record.store import Entry, Recordings, Seen
from castdeck.record.verdict import BlockVerdict, SessionVerdict, VerdictError, as_json, read_verdicts
from tests.farm.test_shards import TEXT
from tests.record.made import a_block, an_order, record_all

DRIFT = Drift(4, "echo one", "it prints something else than was recorded", ("-one", "+\x1b[31mtwö"))
FIRST = SessionVerdict("course", "", (BlockVerdict("a-1", Path("deck.md"), 3, 1.25, (DRIFT,)),))
SECOND = SessionVerdict("course", "db", (BlockVerdict("b-1", Path("deck.md"), 11, 2.0),))


def test_verdicts_come_back_as_they_went() -> None:
    lost = SessionVerdict("course", "web", (), "its worker was lost")
    assert read_verdicts(as_json([FIRST, SECOND, lost])) == [FIRST, SECOND, lost]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 1}', '{"version": 1, "verdicts": [{"deck": 3}]}', "[" * 100_000],
)
def test_a_document_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(VerdictError, match=r"^not a document of `castdeck verify --format json` \("):
        read_verdicts(text)


def test_a_newer_document_says_so() -> None:
    with pytest.raises(VerdictError, match="verdicts of version 2, this castdeck reads 1"):
        read_verdicts('{"version": 2}')


def test_each_session_has_one_verdict(tmp_path: Path) -> None:
    expected = planned_sessions([("course", an_order(TEXT, tmp_path))])
    assert merged_verdicts([[SECOND], [FIRST]], expected) == [FIRST, SECOND]
    assert merged_verdicts([[FIRST]], expected) == [FIRST, SessionVerdict("course", "db", (), NOT_RUN)]
    with pytest.raises(MergeError, match="two verdicts of course: was a shard run twice"):
        merged_verdicts([[FIRST], [FIRST]], expected)
    with pytest.raises(MergeError, match="a verdict of other, which is not a session"):
        merged_verdicts([[SessionVerdict("other", "", ())]], expected)


def test_recordings_of_a_shard_are_taken_where_they_are_true(tmp_path: Path) -> None:
    here, shard = an_order(TEXT, tmp_path / "here"), an_order(TEXT, tmp_path / "shard")
    record_all(shard)
    (tmp_path / "shard/b-1.cast").write_text("damaged")
    first, second = planned_sessions([("course", here)])
    others = [Recordings(tmp_path / "shard")]
    assert take_recordings(first, here.recordings, others).taken == ("a-1",)
    assert take_recordings(second, here.recordings, others).missing == ("b-1",)
    assert here.recordings.whole_cast("a-1") == shard.recordings.whole_cast("a-1")
    assert here.recordings.entry("b-1") is None


def test_a_recording_of_other_commands_is_left(tmp_path: Path) -> None:
    shard = an_order(TEXT.replace("echo one", "echo other"), tmp_path / "shard")
    record_all(shard)
    here = an_order(TEXT, tmp_path / "here")
    first, _ = planned_sessions([("course", here)])
    assert take_recordings(first, here.recordings, [shard.recordings]).missing == ("a-1",)


@pytest.mark.parametrize(("status", "is_true"), [(0, True), (130, True), (1, False)])
def test_a_program_that_the_deck_itself_interrupts_has_ended_well(status: int, is_true: bool) -> None:
    block = a_block("tail -f log\n#$ sendcontrol c", "bash {.hidden}")
    assert is_recording_of(Entry("", "", "", {}, (Seen("tail -f log", status, 1.0),)), None, block) == is_true
