"""Which state a machine is brought to before a block, and which states are kept: on a machine that is only a list."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.cast.marks import RecordedSession
from castdeck.deck.model import Block
from castdeck.errors import MachineError, RecordingError
from castdeck.record import session as module
from castdeck.record.events import Doing, Event, Work
from castdeck.record.run import Run
from castdeck.record.script import LOST, CommandFailed
from castdeck.record.session import Applied, Session
from tests.record.fake_machine import FakeMachine, FakeReady
from tests.record.made import a_deck, some_settings

SECONDS = 10.0
BLOCKS = a_deck("# S {#s}\n\n" + "".join(f"```bash\necho {number}\n```\n\n" for number in range(1, 6))).blocks
APPLIED = [Applied(block, f"key of {block.name}") for block in BLOCKS]
KEYS = [applied.key for applied in APPLIED]


class Place:
    """A session on fake machines, and what it told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
        self.ready, self.cancellation, self.told = FakeReady(), Cancellation(), list[Event]()
        self.replayed: list[str] = []
        self.fails: dict[str, Exception] = {}
        self.clock = 0.0
        self.saving_takes = 1.0
        self.settings = replace(some_settings(cache), checkpoint_room=1)
        self.marked: list[str] = []
        monkeypatch.setattr(module, "mark_shell", lambda machine, language: self.marked.append(language.name))
        monkeypatch.setattr(module, "record_block", self._run)
        monkeypatch.setattr(module, "replay_block", self._run)
        monkeypatch.setattr(time, "monotonic", lambda: self.clock)

    def _run(self, machine: FakeMachine, block: Block, *_: Any) -> Run:
        if block.name in self.fails:
            raise self.fails[block.name]
        machine.ran.append(block.name)
        self.clock += SECONDS
        return Run(RecordedSession((), ""), SECONDS)

    def session(self) -> Session:
        checkpoints = self.ready.kept
        if checkpoints:
            save = checkpoints.save

            def slowly(key: str, machine: Any) -> bool:
                self.clock += self.saving_takes
                return save(key, machine)

            checkpoints.save = slowly  # type: ignore[method-assign]
        work = Work(Path("deck.md"))
        return Session(self.ready, self.settings, work, self.told.append, self.cancellation)

    def bring(self, session: Session, count: int) -> None:
        session.bring_to(APPLIED[:count], lambda block, later: self.replayed.append(block.name))

    @property
    def machine(self) -> FakeMachine:
        return self.ready.machines[-1]

    def doings(self) -> list[str]:
        return [event.what for event in self.told if isinstance(event, Doing)]


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Place:
    return Place(monkeypatch, tmp_path)


def names(count: int) -> list[str]:
    return [block.name for block in BLOCKS[:count]]


def test_a_machine_goes_on_from_block_to_block_and_is_ended_with_the_session(place: Place) -> None:
    with place.session() as session:
        for number, applied in enumerate(APPLIED):
            place.bring(session, number)
            session.run(applied.block)
            session.passed(applied, SECONDS)
        assert place.machine.ran == names(5)
    assert (place.ready.started_from, place.replayed) == ([""], [])
    assert place.machine.closed


def test_blocks_before_are_run_again_where_no_state_was_kept(place: Place) -> None:
    with place.session() as session:
        place.bring(session, 3)
        assert place.machine.ran == place.replayed == names(3)


def test_it_starts_from_the_nearest_state_and_runs_only_what_is_between(place: Place) -> None:
    assert place.ready.kept
    place.ready.kept.states = {KEYS[0]: names(1), KEYS[2]: names(3), KEYS[4]: names(5)}
    with place.session() as session:
        place.bring(session, 4)
        assert place.ready.started_from == [KEYS[2]]
        assert place.replayed == [BLOCKS[3].name]
        assert place.machine.ran == names(4)
        assert KEYS[2] in place.ready.kept.held_now
    assert place.ready.kept.held_now == []


def test_in_a_state_the_deck_s_shell_runs_and_in_a_new_machine_its_own(place: Place) -> None:
    assert place.ready.kept
    place.settings = replace(place.settings, shell_name="fish")
    place.ready.kept.states = {KEYS[2]: names(3)}
    for count in (1, 3):
        with place.session() as session:
            place.bring(session, count)
    assert place.marked == ["bash", "fish"]


def test_a_running_machine_is_left_for_a_state_that_is_nearer(place: Place) -> None:
    assert place.ready.kept
    with place.session() as session:
        place.bring(session, 1)
        place.ready.kept.states[KEYS[2]] = names(3)
        place.bring(session, 3)
        assert place.ready.started_from == ["", KEYS[2]]
        assert [machine.closed for machine in place.ready.machines] == [True, False]


def test_a_running_machine_goes_on_where_no_state_is_nearer(place: Place) -> None:
    assert place.ready.kept
    with place.session() as session:
        place.bring(session, 2)
        place.bring(session, 4)
    assert place.ready.started_from == [""]
    assert place.replayed == names(4)


def test_a_machine_on_which_something_else_ran_is_not_used(place: Place) -> None:
    with place.session() as session:
        place.bring(session, 2)
        session.bring_to([Applied(BLOCKS[1], "without the first")], lambda block, later: None)
        assert place.machine.ran == [BLOCKS[1].name]
    assert len(place.ready.started_from) == 2


def test_what_failed_leaves_no_trace(place: Place) -> None:
    with place.session() as session:
        place.bring(session, 0)
        session.run(BLOCKS[0])
        session.passed(APPLIED[0], SECONDS)
        place.fails[BLOCKS[1].name] = CommandFailed(BLOCKS[1].lines[0], "ended with exit status 1, not 0")
        with pytest.raises(CommandFailed):
            session.run(BLOCKS[1])
        session.forget()
        place.bring(session, 1)
        assert place.machine.ran == names(1)


@pytest.mark.parametrize(
    ("share", "since", "cost", "kept"),
    [
        (0.1, 2, 1.0, True),  # 1 s of saving for 20 s of commands
        (0.1, 1, 1.5, False),  # 1.5 s for 10 s
        (0.5, 1, 1.5, True),
        (1.0, 1, 9.9, True),
        (1.0, 1, 10.1, False),
    ],
)
def test_a_state_is_kept_if_that_costs_little_beside_what_it_saves(
    place: Place, share: float, since: int, cost: float, kept: bool
) -> None:
    assert place.ready.kept
    with place.session() as session:
        place.bring(session, 0)
        session._cost = cost
        for applied in APPLIED[:since]:
            session.run(applied.block)
            session.passed(applied, SECONDS)
        session.keep_state(share)
    assert (place.ready.kept.states == {KEYS[since - 1]: names(since)}) == kept


def test_what_keeping_a_state_took_counts_for_the_next(place: Place) -> None:
    assert place.ready.kept
    place.saving_takes = 30.0
    with place.session() as session:
        place.bring(session, 0)
        for applied in APPLIED[:3]:
            session.run(applied.block)
            session.passed(applied, SECONDS)
            session.keep_state(1.0)
    assert list(place.ready.kept.states) == [KEYS[0]]


def test_after_blocks_were_run_again_the_state_is_kept(place: Place) -> None:
    assert place.ready.kept
    with place.session() as session:
        place.bring(session, 2)
    assert list(place.ready.kept.states) == [KEYS[1]]


def test_no_state_is_kept_inside_another_shell(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_inside", lambda machine, own: len(machine.ran) < 3)
    with place.session() as session:
        for number in range(1, 4):
            place.bring(session, number - 1)
            session.run(BLOCKS[number - 1])
            session.passed(APPLIED[number - 1], SECONDS)
            session.keep_state(share=1.0)
        assert place.ready.kept is not None
        assert [place.ready.kept.has(key) for key in KEYS[:3]] == [False, False, True]


def test_a_damaged_state_is_thrown_away_and_the_one_before_it_taken(place: Place) -> None:
    assert place.ready.kept
    place.ready.kept.states = {KEYS[0]: names(1), KEYS[1]: names(2)}
    place.ready.kept.damaged = {KEYS[1]}
    with place.session() as session:
        place.bring(session, 2)
        assert place.ready.started_from == [KEYS[0]]
        assert place.machine.ran == names(2)
    assert "that state can't be used: it does not start" in place.doings()
    assert place.ready.kept.states[KEYS[0]] == names(1)


def test_where_no_machine_starts_the_error_is_told_and_states_stay(place: Place) -> None:
    assert place.ready.kept
    place.ready.kept.states = {KEYS[0]: names(1)}
    place.ready.is_broken = True
    with place.session() as session, pytest.raises(MachineError, match="it does not start"):
        place.bring(session, 1)
    assert list(place.ready.kept.states) == [KEYS[0]]


def test_where_no_state_can_be_written_that_is_told_and_recording_goes_on(place: Place) -> None:
    assert place.ready.kept
    place.ready.kept.full = True
    with place.session() as session:
        place.bring(session, 2)
        session.run(BLOCKS[2])
        assert place.machine.ran == names(3)
    assert "the machine's state is not kept: the disk is full" in place.doings()


def test_a_machine_that_keeps_no_states_says_so_once_there_is_something_to_run_again(place: Place) -> None:
    place.ready.kept = None
    with place.session() as session:
        place.bring(session, 0)
        assert place.doings() == ["starting the machine"]
        session.forget()
        place.bring(session, 1)
    assert "this machine can't keep its state: the blocks before are all run again" in place.doings()


def test_a_block_that_does_not_run_again_says_how_to_record_it_anew(place: Place) -> None:
    place.fails[BLOCKS[0].name] = CommandFailed(BLOCKS[0].lines[0], "ended with exit status 1, not 0")
    with (
        place.session() as session,
        pytest.raises(RecordingError, match="exit status 1, not 0\n  castdeck record --force"),
    ):
        place.bring(session, 1)
    assert place.machine.closed


@pytest.mark.parametrize(
    ("lost", "expected"), [(True, CommandFailed), (False, RecordingError)], ids=["the machine is gone", "it runs on"]
)
def test_an_error_of_the_terminal_is_told_as_what_it_is(place: Place, lost: bool, expected: type[Exception]) -> None:
    with place.session() as session:
        place.bring(session, 0)
        place.machine.lost = lost
        place.fails[BLOCKS[0].name] = OSError(5, "Input/output error")
        with pytest.raises(expected) as failure:
            session.run(BLOCKS[0])
        assert place.machine.closed
    if isinstance(failure.value, RecordingError):
        assert failure.value.problem.line == BLOCKS[0].line
        assert failure.value.problem.message == "the recorder stopped: [Errno 5] Input/output error"


@pytest.mark.parametrize(
    "step", [lambda place, session: place.bring(session, 1), lambda _, session: session.run(BLOCKS[0])]
)
def test_a_cancelled_session_starts_nothing(place: Place, step: Callable[[Place, Session], None]) -> None:
    with place.session() as session:
        place.cancellation.cancel()
        with pytest.raises(Cancelled):
            step(place, session)
    assert place.ready.machines == []


def test_cancelling_kills_the_machine_at_once(place: Place) -> None:
    with place.session() as session:
        place.bring(session, 1)
        place.cancellation.cancel()
        assert place.machine.killed
    assert place.machine.closed


def test_states_are_trimmed_at_the_end(place: Place) -> None:
    assert place.ready.kept
    with place.session():
        assert place.ready.kept.trims == 0
    assert place.ready.kept.trims == 1


def test_a_machine_that_is_lost_while_blocks_run_again_is_no_failure_of_theirs(place: Place) -> None:
    place.fails["s-1"] = CommandFailed(BLOCKS[0].lines[0], LOST)
    with pytest.raises(
        MachineError, match="the machine was lost while s-1 ran again for the blocks after it\n  record once more;"
    ) as error:
        place.session().bring_to(APPLIED[:2], lambda block, later: None)
    assert error.value.problem.line == BLOCKS[0].line
