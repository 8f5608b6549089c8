"""What each event makes of recording in the background: a value and an event in, a value and a job out."""

from dataclasses import replace
from pathlib import Path

from castdeck.codes import Code
from castdeck.deck.text import DeckText
from castdeck.problems import NOWHERE, Problem
from castdeck.serve.job import BlockEnded, BlockStarted, JobDone, RecordJob, ScreenChanged, StepStarted
from castdeck.serve.reader import ParsedDeck
from castdeck.serve.recording_state import ENDED, PAUSE, Asked, Event, RecorderEnded, Settled, State, step
from castdeck.workspace import Workspace

JOB = RecordJob(DeckText("# One"), Path("deck.md"), Path("recordings"), Workspace(None))
WHOLE = ParsedDeck((), (), False, (), (), (), ("one-1", "one-2", "two-1"), ("one-2", "two-1"), ("two-1",), "commands")
FAILURE = Problem(Code.RECORDING_FAILED, NOWHERE, "no")


def after(state: State, *events: Event) -> tuple[State, list[RecordJob]]:
    """The state after the events, and the jobs that they began."""
    begun = []
    for event in events:
        state, job = step(state, event)
        begun += [job] if job else []
    return state, begun


def states(state: State) -> dict[str, str]:
    return {name: badge["state"] for name, badge in state.badges.items()}


def test_nothing_is_recorded_unasked() -> None:
    state, begun = after(State(False), Settled(WHOLE, JOB))
    assert begun == []
    assert states(state) == {"one-2": "new", "two-1": "stale"}


def test_what_is_not_fresh_is_recorded_by_itself_where_that_is_wanted_once() -> None:
    state, begun = after(State(True), Settled(WHOLE, JOB))
    assert begun == [replace(JOB, number=1, pause=PAUSE)]
    assert states(state) == {"one-2": "waiting", "two-1": "waiting"}
    state, begun = after(state, Settled(WHOLE, JOB), JobDone(1, FAILURE), Settled(WHOLE, JOB))
    assert begun == []
    _, begun = after(state, Settled(replace(WHOLE, commands="others"), JOB))
    assert [job.number for job in begun] == [2]


def test_a_change_of_the_commands_takes_the_place_of_what_runs() -> None:
    state, _ = after(State(True), Settled(WHOLE, JOB))
    other = replace(WHOLE, commands="others")
    state, begun = after(state, Settled(other, JOB), Settled(other, JOB))
    assert [(job.number, job.pause) for job in begun] == [(2, PAUSE)]
    state, _ = after(state, JobDone(1))
    assert state.running


def test_a_slide_that_is_asked_for_before_the_deck_is_read_is_recorded_then() -> None:
    state, begun = after(State(False), Asked("one"), Settled(WHOLE, JOB))
    assert [(job.slide, job.pause) for job in begun] == [("one", 0.0)]
    assert states(state) == {"one-1": "waiting", "one-2": "waiting", "two-1": "stale"}
    assert after(state, Asked("one"))[1] == []
    assert [job.slide for job in after(state, Asked("two"))[1]] == ["two"]


def test_a_block_shows_what_happens_to_it() -> None:
    state, _ = after(State(True), Settled(WHOLE, JOB), StepStarted("booting"))
    assert state.badges["one-2"] == {"state": "waiting", "text": "waiting: booting", "output": ""}
    state, _ = after(state, BlockStarted("one-2"), ScreenChanged("one-2", "$ ls"), ScreenChanged("other", "nothing"))
    assert state.badges["one-2"] == {"state": "recording", "text": "recording", "output": "$ ls"}
    failure = Problem(Code.RECORDING_FAILED, NOWHERE, "ls: ended with 2", word="ls").at(line=7)
    state, _ = after(state, BlockEnded("one-2", failure))
    assert state.badges["one-2"] == {"state": "failed", "text": "failed: line 7: ended with 2", "output": ""}
    state, _ = after(state, JobDone(1))
    assert states(state) == {"one-2": "failed", "two-1": "stale"}
    assert after(state, Settled(replace(WHOLE, commands="others"), JOB))[0].failed == {}


def test_a_recorder_that_ends_is_started_once_more_and_then_given_up() -> None:
    state, _ = after(State(True), Settled(WHOLE, JOB))
    state, begun = after(state, RecorderEnded())
    assert [job.number for job in begun] == [2]
    state, begun = after(state, RecorderEnded())
    assert begun == []
    assert (state.running, state.failed) == (None, {"": ENDED})
    state, begun = after(state, Asked("one"))
    assert [job.slide for job in begun] == ["one"]
    assert state.failed == {}


def test_a_recorder_that_ends_in_the_middle_of_a_job_is_not_started_again_for_it() -> None:
    state, begun = after(State(True), Settled(WHOLE, JOB), BlockStarted("one-2"), RecorderEnded())
    assert len(begun) == 1
    assert (state.running, state.block, state.failed) == (None, "", {"": ENDED})
    assert after(state, RecorderEnded()) == (state, [])
