"""Whole decks verified on machines that are only lists: which block has drifted, and what is run once more."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from castdeck.cancellation import Cancellation
from castdeck.deck.model import Block
from castdeck.errors import MachineError
from castdeck.machine.kinds import find_definition
from castdeck.record import session as module
from castdeck.record import verify
from castdeck.record.events import BlockDrifts, BlockEnds, Doing, Event, WorkBegins, WorkEnds
from castdeck.record.order import Order
from castdeck.record.run import Run
from castdeck.record.script import CommandFailed
from castdeck.record.verify import Verified, verify_decks
from tests.record.fake_machine import FakeMachine, FakeReady
from tests.record.made import an_order, ran, record_all

DECK = "# A {#a}\n\n" + "\n\n".join(f"```bash\n{word}\n```" for word in ("one", "two", "three")) + "\n"


@dataclass
class Place:
    """What each block prints, a text for each time that it runs; what the machines were asked, and what was told."""

    prints: dict[str, list[str]] = field(default_factory=dict)
    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[tuple[str, bool]] = field(default_factory=list)
    told: list[Event] = field(default_factory=list)
    ready: list[FakeReady] = field(default_factory=list)
    are_broken: bool = False  # no machine starts once a block has failed

    def run(self, machine: FakeMachine, block: Block, *_: Any) -> Run:
        machine.ran.append(block.name)
        if block.name in self.fails:
            machine.lost = isinstance(self.fails[block.name], MachineError)
            self.ready[-1].is_broken = self.are_broken
            raise self.fails[block.name]
        texts = self.prints.get(block.name, [])
        return Run(ran(block, texts.pop(0) if texts else "ok\r\n"), 2.0)

    def verified(self, order: Order) -> list[Verified]:
        def made(definition: object) -> Any:
            self.ready.append(FakeReady(kept=None))
            return self.ready[-1]

        (found,) = verify_decks([order], [()], made, 1, self.told.append, Cancellation())
        return list(found)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place()

    def asked(machine: FakeMachine, script: str, *, as_root: bool = False, **_: Any) -> str:
        place.asked.append((script, as_root))
        return "1 4711 4712\n"

    monkeypatch.setattr(module, "mark_shell", lambda machine, language: None)
    monkeypatch.setattr(module, "record_block", place.run)
    monkeypatch.setattr(module, "replay_block", place.run)
    monkeypatch.setattr(FakeMachine, "run", asked)
    return place


def order(folder: Path, text: str = DECK) -> Order:
    one = an_order(text, folder / "casts")
    record_all(one)
    return one


def messages(found: list[Verified]) -> dict[str, list[str]]:
    return {one.block.name: [drift.message for drift in one.drifts] for one in found}


def test_what_does_what_it_did_is_true_and_takes_its_time(place: Place, tmp_path: Path) -> None:
    found = place.verified(order(tmp_path))
    assert messages(found) == {"a-1": [], "a-2": [], "a-3": []}
    assert [one.seconds for one in found] == [2.0] * 3
    assert [one.of for one in place.told if isinstance(one, WorkBegins)] == [3]
    assert isinstance(place.told[-1], WorkEnds)
    assert [one.failed for one in place.told if isinstance(one, BlockEnds)] == [False] * 3


def test_a_block_that_fails_is_told_and_the_others_run_without_it(place: Place, tmp_path: Path) -> None:
    one = order(tmp_path)
    line = one.deck.blocks[1].lines[0]
    place.fails["a-2"] = CommandFailed(line, "ended with exit status 1, not 0", ["no such file"])
    found = place.verified(one)
    assert messages(found) == {"a-1": [], "a-2": ["ended with exit status 1, not 0"], "a-3": []}
    assert found[1].drifts[0].diff == ("no such file",)
    assert [machine.ran for machine in place.ready[0].machines] == [["a-1", "a-2"], ["a-1", "a-3"]]
    (drift,) = (event for event in place.told if isinstance(event, BlockDrifts))
    assert (drift.block.name, drift.problem.line) == ("a-2", line.line)


def test_where_no_machine_starts_any_more_the_rest_is_not_reached(place: Place, tmp_path: Path) -> None:
    one = order(tmp_path, DECK + "\n```bash\nfour\n```\n")
    place.fails["a-2"] = MachineError("the terminal is gone")
    place.are_broken = True
    found = place.verified(one)
    assert messages(found) == {
        "a-1": [],
        "a-2": ["the machine was lost, or switched off, while it ran"],
        "a-3": ["it does not start"],
        "a-4": ["it was not reached"],
    }
    assert [one.seconds for one in found] == [2.0, 0.0, 0.0, 0.0]


def test_what_differs_is_run_once_more_on_another_day_and_is_no_drift_where_it_differs_again(
    place: Place, tmp_path: Path
) -> None:
    one = order(tmp_path)
    place.prints = {"a-2": ["load 0.25 now\r\n", "load 0.75 now\r\n"], "a-3": ["gone\r\n", "gone\r\n"]}
    found = messages(place.verified(one))
    assert found["a-3"] == ["it prints something else than was recorded"]
    assert "running it once more, to tell what is different each time" in [
        event.what for event in place.told if isinstance(event, Doing)
    ]
    asked = dict(place.asked)
    assert asked[verify._ANOTHER_DAY] is True and asked[verify._SOME_PROCESSES] is False
    assert [machine.ran for machine in place.ready[0].machines] == [["a-1", "a-2", "a-3"], ["a-1", "a-2", "a-3"]]


def test_on_a_machine_that_is_not_thrown_away_the_day_is_left_alone(place: Place, tmp_path: Path) -> None:
    one = order(tmp_path)
    local = replace(one, settings=replace(one.settings, definition=find_definition("local", {}, tmp_path)))
    place.prints = {"a-3": ["gone\r\n", "gone\r\n"]}
    place.verified(local)
    assert verify._SOME_PROCESSES in dict(place.asked) and verify._ANOTHER_DAY not in dict(place.asked)


def test_a_recording_of_other_commands_or_none_is_told(place: Place, tmp_path: Path) -> None:
    order(tmp_path)
    changed = an_order(DECK.replace("two", "changed") + "\n```bash\nfour\n```\n", tmp_path / "casts")
    assert messages(place.verified(changed)) == {
        "a-1": [],
        "a-2": ["its commands have changed since they were recorded"],
        "a-3": [],
        "a-4": ["it has no recording"],
    }
    (tmp_path / "casts/a-1.cast").unlink()
    again = an_order(DECK, tmp_path / "casts")
    assert messages(place.verified(again))["a-1"] == ["its cast is missing or damaged"]


CHECKED = DECK.replace("```bash\nthree\n```", "```bash {.check}\ntest -e done\n```\n\n```bash {.hidden}\nthree\n```")


def test_a_check_that_the_slide_itself_does_not_fulfil_has_drifted(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = iter(["nothing is done\n1", "\n0"])
    monkeypatch.setattr(FakeMachine, "run", lambda machine, script, **_: next(said))
    one = order(tmp_path, CHECKED)
    message = "the slide's own commands do not fulfil this check: nothing is done"
    assert messages(place.verified(one)) == {"a-1": [], "a-2": [], "a-3": [message], "a-4": []}
    found = place.verified(one)
    assert messages(found)["a-3"] == []
    assert [verified.seconds for verified in found if verified.block.name == "a-3"] == [0.0]
