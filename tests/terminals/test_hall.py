"""How many live terminals there may be, and for whom one waits."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.record.settings import settings_of
from castdeck.terminals import hall
from castdeck.terminals.hall import Hall, room_for
from castdeck.terminals.place import Start
from castdeck.terminals.terminal import ENDED, STARTING, LiveTerminal
from castdeck.terminals.wire import Hello
from castdeck.workspace import Workspace

_SETTINGS = settings_of(parse_deck("# One\n", Path("deck.md")), Workspace(None))


class _Machine:
    def end(self) -> None:
        pass

    def join(self, timeout: float) -> None:
        pass


@pytest.fixture(autouse=True)
def machines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Terminals whose machines are none."""

    def start(self: LiveTerminal, *_: object) -> None:
        self.machine = _Machine()  # type: ignore[assignment]

    monkeypatch.setattr(LiveTerminal, "start", start)
    yield


def _begin(school: Hall, owner: str = "") -> LiveTerminal:
    hello = Hello("", "", "one-1", 1, 80, 24, 0)
    return school.begin(hello, _SETTINGS, Start((), None, b""), owner)


def _ends(terminal: LiveTerminal) -> None:
    terminal._ends("")


def test_the_students_wait_in_the_order_in_which_they_came() -> None:
    school = Hall(most_owned=2)
    first, second, third, fourth = (_begin(school, owner) for owner in "abcd")
    assert [bool(one.machine) for one in (first, second, third, fourth)] == [True, True, False, False]
    assert "number 1 in the queue" in third.doing and "number 2 in the queue" in fourth.doing
    _ends(second)
    assert third.machine and not fourth.machine
    assert "number 1 in the queue" in fourth.doing


def test_the_trainer_does_not_wait_for_students() -> None:
    school = Hall(most_owned=1)
    assert [bool(_begin(school, owner).machine) for owner in ("a", "b", "")] == [True, False, True]


def test_who_takes_another_slide_gives_the_former_machine_back_first() -> None:
    school = Hall(most_owned=1)
    former, other = _begin(school, "a"), _begin(school, "a")
    assert not other.machine
    _ends(former)
    assert other.machine


def test_who_goes_while_waiting_leaves_the_queue() -> None:
    school = Hall(most_owned=1)
    _begin(school, "a")
    second, third = _begin(school, "b"), _begin(school, "c")
    second.end()
    assert second.state == ENDED
    assert "number 1 in the queue" in third.doing


def test_a_terminal_is_found_by_its_owner_only() -> None:
    school = Hall(most_owned=2)
    mine = _begin(school, "a")
    assert school.find(mine.id, "one-1", "a") is mine
    assert school.find(mine.id, "one-1", "b") is None
    assert school.find(mine.id, "one-1", "") is None
    assert school.find(mine.id, "two-1", "a") is None


def test_one_that_nobody_comes_back_for_is_ended() -> None:
    async def left_alone() -> bool:
        school = Hall(patience=0)
        terminal, ended = _begin(school), asyncio.Event()
        terminal.machine.end = ended.set  # type: ignore[method-assign, union-attr]
        holder = object()
        school.attach(terminal, holder)
        school.detach(terminal, object())
        assert not school._orphans
        school.detach(terminal, holder)
        await asyncio.wait_for(ended.wait(), 10)
        return terminal.state == STARTING

    assert asyncio.run(left_alone())


def test_one_that_nobody_types_into_is_told_why_it_ends() -> None:
    async def idle() -> str:
        school = Hall(idle=-1)
        terminal = _begin(school)
        school.end_idle()
        await school.stop()
        _ends(terminal)
        return terminal.why

    assert asyncio.run(idle()) == "nobody has typed for a long time"


def test_as_many_as_the_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall, "free_memory", lambda: 10 << 30)
    assert _SETTINGS.definition.memory == 1280
    assert [room_for(_SETTINGS.definition, wanted) for wanted in (5, 40)] == [5, 16]
    monkeypatch.setattr(hall, "free_memory", lambda: 0)
    assert room_for(_SETTINGS.definition, 5) == 1


def test_a_students_machine_ends_when_its_time_is_over_and_the_trainers_does_not() -> None:
    async def over() -> tuple[str, str]:
        school = Hall(most_owned=2, total=0.0)
        student, trainer = _begin(school, "a"), _begin(school)
        school.end_idle()
        return student.why, trainer.why

    student, trainer = asyncio.run(over())
    assert "its time is over" in student and not trainer
