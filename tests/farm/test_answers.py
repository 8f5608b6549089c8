"""What a worker sends is checked like what a guest sends: nothing good is lost, and no stranger's file is written."""

import json
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castdeck.cancellation import Cancellation
from castdeck.codes import Code
from castdeck.farm import job as jobs
from castdeck.farm.cluster import Cluster, ClusterError, Result
from castdeck.farm.job import Answer, AnswerError, Failed, SessionJob, job_of, read_answer, read_job, recorded_files
from castdeck.farm.progress import event_as_json, read_event
from castdeck.farm.remote import record_on_cluster
from castdeck.farm.sessions import planned_sessions
from castdeck.problems import Place, Problem
from castdeck.record.events import BlockDrifts, BlockEnds, Work
from castdeck.record.languages.shells import SESSION_SHELLS
from castdeck.record.order import Order
from castdeck.record.verdict import VerdictError, read_verdicts
from tests.farm.test_shards import TEXT
from tests.record.made import an_order, record_all


class FakeCluster:
    """Answers each task with what `answers` has for its id."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers

    def run(self, tasks: Any, hear: Any, cancellation: Any) -> Any:
        return [Result(task.id, self.answers[task.id], "") for task in tasks]


def recorded(folder: Path, text: str = TEXT) -> Order:
    order = an_order(text, folder)
    record_all(order)
    return order


def answer(order: Order, name: str, **files: bytes) -> bytes:
    """What a worker says that has recorded the block of that name in `order`'s folder."""
    found = {**recorded_files(order.recordings.folder, [name]), **files}
    return Answer(files=found, seconds={name: (1.0, 0.9)}).as_bytes()


def record(tmp_path: Path, one: bytes, two: bytes) -> tuple[Order, list[str]]:
    """What is kept of two sessions' answers, and what is told."""
    here = an_order(TEXT, tmp_path / "here")
    cluster: Any = FakeCluster({"course": one, "course/db": two})
    (report,) = record_on_cluster(cluster, [("course", here)], lambda event: None, Cancellation())
    return here, [str(problem) for problem in report.problems]


def test_whole_recordings_are_kept(tmp_path: Path) -> None:
    there = recorded(tmp_path / "there")
    here, problems = record(tmp_path, answer(there, "a-1"), answer(there, "b-1"))
    assert problems == []
    assert here.recordings.whole_cast("a-1") and here.recordings.whole_cast("b-1")


@pytest.mark.parametrize(
    "files",
    [
        {"a-1.cast": b'{"version": 2, "width": 80, "height": 24}\n[0, "o", "cut'},
        {"a-1.cast": b""},
        {"index.json": b"{}"},
        {"index.json": b'{"version": 2, "blocks": {"../../x": {}}}'},
    ],
)
def test_an_unfinished_or_damaged_recording_is_refused(tmp_path: Path, files: dict[str, bytes]) -> None:
    there = recorded(tmp_path / "there")
    here, problems = record(tmp_path, answer(there, "a-1", **files), answer(there, "b-1"))
    assert here.recordings.entry("a-1") is None and here.recordings.whole_cast("b-1")
    assert len(problems) == 1 and problems[0].startswith("deck.md:3: error: ")


def test_a_recording_of_other_commands_is_refused(tmp_path: Path) -> None:
    other = recorded(tmp_path / "other", TEXT.replace("echo one", "echo other"))
    there = recorded(tmp_path / "there")
    here, problems = record(tmp_path, answer(other, "a-1"), answer(there, "b-1"))
    assert problems == ["deck.md:3: error: what the worker sent is no recording of this block"]
    assert here.recordings.entry("a-1") is None


def test_a_recording_with_a_wrong_status_is_refused(tmp_path: Path) -> None:
    there = recorded(tmp_path / "there")
    index = (tmp_path / "there/index.json").read_text().replace('"status": 0', '"status": 1')
    _, problems = record(tmp_path, answer(there, "a-1", **{"index.json": index.encode()}), answer(there, "b-1"))
    assert problems == ["deck.md:3: error: what the worker sent is no recording of this block"]


@pytest.mark.parametrize("name", ["../x.cast", "b-1.cast", "x", ".bashrc", "a-1.cast/../../x", "index.json.part"])
def test_a_file_that_was_not_asked_for_is_refused(tmp_path: Path, name: str) -> None:
    (session, _) = planned_sessions([("course", an_order(TEXT, tmp_path))])
    with pytest.raises(AnswerError, match="a file that was not asked for"):
        read_answer(Answer(files={name: b"x"}).as_bytes(), session.blocks)


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (session, _) = planned_sessions([("course", an_order(TEXT, tmp_path))])
    monkeypatch.setattr(jobs, "MOST_BYTES", 1000)
    with pytest.raises(AnswerError, match="the worker sent no answer, or more than"):
        read_answer(b" " * 1001, session.blocks)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    )
)
def test_an_answer_is_read_or_refused(value: object) -> None:
    order = an_order(TEXT, Path("nowhere"))
    (session, _) = planned_sessions([("course", order)])
    fields = {"verdicts": "", "files": {}, "seconds": {}, "failed": [], "not_reached": 0}
    for name in fields:
        document = json.dumps({**fields, name: value}).encode()
        try:
            read_answer(document, session.blocks)
        except AnswerError:
            continue


def test_messages_are_plain_text_with_an_end(tmp_path: Path) -> None:
    there = recorded(tmp_path / "there")
    bad = Answer(failed=(Failed("a-1", 4, "\x1b]0;title\x07 bad", ""),)).as_bytes()
    _, problems = record(tmp_path, bad, answer(there, "b-1"))
    assert problems == ["deck.md:4: error: \\x1b]0;title\\x07 bad"]
    long = Answer(failed=(Failed("a-1", 4, "x" * 100_000, ""),)).as_bytes()
    _, problems = record(tmp_path / "again", long, answer(there, "b-1"))
    assert "the worker's answer can't be read" in problems[0]


@given(
    st.dictionaries(
        st.sampled_from(["event", "block", "number", "of", "left", "seconds", "what", "problem"]),
        st.text() | st.integers() | st.none() | st.fixed_dictionaries({"code": st.text(), "line": st.integers()}),
    )
)
def test_any_event_is_shown_or_left_out(value: dict[str, object]) -> None:
    block = an_order(TEXT, Path("nowhere")).deck.blocks[0]
    read_event(value, Work(Path("deck.md")), {"a-1": block})


def test_why_a_block_failed_or_drifted_arrives_as_it_happened_there() -> None:
    block = an_order(TEXT, Path("nowhere")).deck.blocks[0]
    work = Work(Path("deck.md"))
    problem = Problem(Code.DRIFTED, Place(block.path or work.deck, 8), "echo: it prints something else", "-one\n+two")
    for event in (BlockDrifts(work, block, problem), BlockEnds(work, block, 1.0, 0.5, failed=True, problem=problem)):
        travelled = json.loads(json.dumps(event_as_json(event)))
        assert read_event(travelled, work, {"a-1": block}) == event
        travelled["problem"]["code"] = "no-such-code"
        assert read_event(travelled, work, {"a-1": block}) is None


@pytest.mark.parametrize("shell", SESSION_SHELLS)
def test_a_job_comes_back_with_the_very_shell_that_it_has_here(tmp_path: Path, shell: str) -> None:
    order = recorded(tmp_path / "there")
    order = replace(order, settings=replace(order.settings, shell_name=shell))
    (session, _) = planned_sessions([("course", order)])
    job = read_job(job_of("record", order, session.blocks, (), with_secrets=False).as_bytes())
    assert isinstance(job, SessionJob)
    assert job.settings.shell is order.settings.shell


def test_a_job_comes_back_as_it_went_and_without_secrets(tmp_path: Path) -> None:
    order = recorded(tmp_path / "there")
    order = replace(order, settings=replace(order.settings, secrets={"TOKEN": "s3cret-value"}))
    (session, _) = planned_sessions([("course", order)])
    job = job_of("record", order, session.blocks, (), with_secrets=False)
    assert read_job(job.as_bytes()) == job
    assert b"s3cret-value" not in job.as_bytes()
    assert job.settings.missing_secrets == ("TOKEN",)
    assert b"s3cret-value" in job_of("record", order, session.blocks, (), with_secrets=True).as_bytes()
    assert sorted(job.files) == ["a-1.cast", "index.json"]


@pytest.mark.parametrize("seconds", ["NaN", "Infinity", "-1", "1e300", "true", '"5"', "null"])
def test_seconds_that_are_none_are_refused(tmp_path: Path, seconds: str) -> None:
    (session, _) = planned_sessions([("course", an_order(TEXT, tmp_path))])
    fields = '"verdicts": "", "files": {}, "failed": [], "not_reached": 0'
    with pytest.raises(AnswerError, match="can't be read"):
        read_answer(f'{{{fields}, "seconds": {{"a-1": [1.0, {seconds}]}}}}'.encode(), session.blocks)


@pytest.mark.parametrize("seconds", ["NaN", "Infinity", "-1"])
def test_a_verdict_with_seconds_that_are_none_is_refused(seconds: str) -> None:
    block = f'{{"name": "a-1", "file": "deck.md", "line": 3, "seconds": {seconds}, "drifts": []}}'
    text = f'{{"version": 1, "verdicts": [{{"deck": "", "session": "", "failure": "", "blocks": [{block}]}}]}}'
    with pytest.raises(VerdictError, match="not a number of seconds"):
        read_verdicts(text)


class FakeClient:
    """Workers of which each says `facts` of itself."""

    def __init__(self, *facts: object) -> None:
        self.facts = facts

    def run(self, function: object) -> dict[str, object]:
        return {f"tcp://worker:{number}": said for number, said in enumerate(self.facts)}


@pytest.mark.parametrize("said", [5, None, "x", {}, {"castdeck": 5}, {"castdeck": "1"}, {"castdeck": "1", "qemu": []}])
def test_a_worker_that_does_not_say_what_it_has_is_not_used(said: object) -> None:
    client: Any = FakeClient({"castdeck": version("castdeck"), "qemu": "QEMU 7.2"}, said)
    with pytest.raises(ClusterError, match="the worker tcp://worker:1 does not say what it has"):
        Cluster(client).check(lambda words: None)


def test_versions_are_compared_and_told_in_a_line() -> None:
    own = {"castdeck": version("castdeck"), "qemu": "QEMU 7.2"}
    other: Any = FakeClient(own, {**own, "castdeck": "9\x1b[2J" * 10_000})
    with pytest.raises(ClusterError) as raised:
        Cluster(other).check(lambda words: None)
    assert "\x1b" not in str(raised.value) and len(str(raised.value)) < 200
    warnings: list[str] = []
    mixed: Any = FakeClient(own, {**own, "qemu": "QEMU 8.0"})
    Cluster(mixed).check(warnings.append)
    assert warnings == ["the workers have different versions of QEMU: machine states are not shared between them"]
