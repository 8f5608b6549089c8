"""The order in which a session's blocks run, and what becomes of those after one that fails.

The machine is played by a list: a block runs unless its code says how it fails.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from castdeck.deck.model import Block
from castdeck.errors import MachineError, RecordingError
from castdeck.record.blocks import record_session
from castdeck.record.events import BlockBegins, BlockEnds, Event, Work, WorkEnds
from castdeck.record.order import Order, Outcome
from castdeck.record.run import Run, Untrue
from castdeck.record.script import CommandFailed
from castdeck.record.session import Applied
from tests.record.made import an_order, ran, record_all

DECK = "# A {#a}\n\n" + "\n\n".join(f"```bash\n{word}\n```" for word in ("one", "two", "three", "four")) + "\n"


class PlayedSession:
    """A machine on which a block fails when its code says so. `ran` tells what ran, on which state."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.kept: list[float] = []
        self.before = "nothing"

    def bring_to(self, before: Sequence[Applied], replayed: Callable[[Block], None]) -> None:
        self.before = " ".join(one.block.name for one in before) or "nothing"

    def run(self, block: Block) -> Run:
        self.ran.append(f"{block.lines[0].text} after {self.before}")
        word = block.lines[0].text
        if "fails" in word:
            raise CommandFailed(block.lines[0], "ended with exit status 1, not 0", ["the value is 123456"])
        if "machine" in word:
            raise MachineError("the virtual machine did not start")
        if "recorder" in word:
            raise RecordingError("the recorder stopped", line=block.line)
        if "garbled" in word and ("always" in word or self.ran.count(self.ran[-1]) == 1):
            raise Untrue("the recording is not of the commands that ran", line=block.line)
        return Run(ran(block), 1.0)

    def passed(self, applied: Applied, seconds: float) -> None:
        pass

    def forget(self) -> None:
        self.ran.append("forgotten")

    def keep_state(self, share: float) -> None:
        self.kept.append(share)


def recorded(
    text: str, folder: Path, force: str | None = None, **changes: object
) -> tuple[PlayedSession, Outcome, list[Event]]:
    order = an_order(text, folder, **changes)
    if force is not None:
        order = Order(order.deck, order.recordings, order.settings, True, force)
    session, events = PlayedSession(), list[Event]()
    (blocks,) = order.plan().sessions
    outcome = record_session(order, blocks, session, Work(Path("deck.md")), events.append)  # type: ignore[arg-type]
    return session, outcome, events


def names(outcome: Outcome) -> list[str]:
    return [one.block.name for one in outcome.recorded]


def test_only_what_is_wanted_runs_on_the_state_of_those_before_it(tmp_path: Path) -> None:
    record_all(an_order(DECK, tmp_path / "casts"))
    session, outcome, _ = recorded(DECK.replace("four", "five"), tmp_path / "casts")
    assert session.ran == ["five after a-1 a-2 a-3"]
    assert (names(outcome), outcome.fresh, outcome.problems) == (["a-4"], 3, ())


def test_a_block_that_fails_is_left_out_and_its_good_recording_stays(tmp_path: Path) -> None:
    record_all(an_order(DECK, tmp_path / "casts"))
    good = (tmp_path / "casts/a-2.cast").read_bytes()
    text = DECK.replace("two", "fails")
    session, outcome, events = recorded(text, tmp_path / "casts")
    assert session.ran == ["fails after a-1", "forgotten", "three after a-1", "four after a-1 a-3"]
    assert (names(outcome), outcome.fresh) == (["a-3", "a-4"], 1)
    assert (tmp_path / "casts/a-2.cast").read_bytes() == good
    (problem,) = outcome.problems
    assert str(problem) == (
        "deck.md:8: error: fails: ended with exit status 1, not 0\n  its last lines:\n    the value is 123456"
    )
    ended = [event for event in events if isinstance(event, BlockEnds)]
    assert [(event.failed, event.seconds, event.command_seconds) for event in ended] == [
        (True, 0.0, 0.0),
        (False, 1.0, 0.5),
        (False, 1.0, 0.5),
    ]
    assert isinstance(events[-1], WorkEnds)

    session, outcome, _ = recorded(text, tmp_path / "casts")
    assert session.ran == ["fails after a-1", "forgotten"]
    assert outcome.fresh == 3

    session, outcome, _ = recorded(DECK, tmp_path / "casts")
    assert session.ran == ["three after a-1 a-2", "four after a-1 a-2 a-3"]
    assert outcome.fresh == 2


def test_a_good_recording_that_was_asked_for_again_and_fails_keeps_all_after_it(tmp_path: Path) -> None:
    text = DECK.replace("two", "fails today")
    record_all(an_order(text, tmp_path / "casts"))
    before = {path.name: path.read_bytes() for path in (tmp_path / "casts").glob("*.cast")}
    session, outcome, _ = recorded(text, tmp_path / "casts", force="")
    assert session.ran == ["one after nothing", "fails today after a-1", "forgotten"]
    assert (names(outcome), outcome.fresh, outcome.not_reached) == (["a-1"], 0, 2)
    assert outcome.problems[0].hint.endswith("its recording and those after it stay as they were")
    assert {path.name: path.read_bytes() for path in (tmp_path / "casts").glob("*.cast")} == before


@pytest.mark.parametrize("word", ["no machine", "the recorder"])
def test_without_a_machine_or_a_recorder_the_session_ends_there(tmp_path: Path, word: str) -> None:
    record_all(an_order(DECK, tmp_path / "casts"))
    session, outcome, _ = recorded(DECK.replace("two", word), tmp_path / "casts")
    assert (outcome.fresh, outcome.not_reached, len(outcome.problems)) == (1, 2, 1)
    assert outcome.problems[0].path == Path("deck.md")


def test_a_recording_that_can_t_be_trusted_is_made_again_and_then_is_an_error_of_its_own(tmp_path: Path) -> None:
    session, outcome, _ = recorded(
        DECK.replace("two", "garbled").replace("three", "always garbled"), tmp_path / "casts"
    )
    assert session.ran[1:4] == ["garbled after a-1", "forgotten", "garbled after a-1"]
    assert session.ran[4:] == [*["always garbled after a-1 a-2", "forgotten"] * 2, "four after a-1 a-2"]
    assert names(outcome) == ["a-1", "a-2", "a-4"]
    assert "not of the commands that ran" in outcome.problems[0].message


def test_it_ends_before_a_block_that_is_no_longer_wanted(tmp_path: Path) -> None:
    order, session, work = an_order(DECK, tmp_path / "casts"), PlayedSession(), Work(Path("deck.md"))
    (blocks,) = order.plan().sessions
    outcome = record_session(order, blocks, session, work, lambda _: None, lambda block: block.name != "a-3")  # type: ignore[arg-type]
    assert session.ran == ["one after nothing", "two after a-1"]
    assert session.before == "a-1 a-2"
    assert (names(outcome), outcome.not_reached) == (["a-1", "a-2"], 2)


def test_the_error_of_a_block_never_tells_a_secret(tmp_path: Path) -> None:
    text = DECK.replace("two", "fails")
    _, outcome, events = recorded(text, tmp_path / "casts", secrets={"PIN": "123456"})
    assert "123456" not in str(outcome.problems[0])
    assert "123456" not in repr([event.problem for event in events if isinstance(event, BlockEnds)])


def test_a_secret_that_nobody_gave_is_an_error_of_the_line_that_uses_it(tmp_path: Path) -> None:
    text = DECK.replace("two", "login ${TOKEN}").replace("three", "echo $TOKENS")
    _, outcome, _ = recorded(text, tmp_path / "casts", missing_secrets=("TOKEN",))
    assert names(outcome) == ["a-1", "a-3", "a-4"]
    assert str(outcome.problems[0]) == (
        "deck.md:8: error: login ${TOKEN}: the secret TOKEN has no value\n"
        "  give it in the environment, or in a .env file beside castdeck.toml"
    )


def test_progress_says_which_of_how_many_and_how_long_it_took_before(tmp_path: Path) -> None:
    record_all(an_order(DECK, tmp_path / "casts"))
    _, _, events = recorded(DECK.replace("three", "changed"), tmp_path / "casts")
    begun = [event for event in events if isinstance(event, BlockBegins)]
    assert [(event.block.name, event.number, event.of, event.left) for event in begun] == [
        ("a-3", 1, 2, 1.0),
        ("a-4", 2, 2, 0.5),
    ]


def test_a_state_near_the_end_may_cost_more(tmp_path: Path) -> None:
    session, _, _ = recorded(DECK, tmp_path / "casts")
    assert session.kept == [0.1, 0.1, 0.5, 0.5]


def test_a_recording_that_cannot_be_written_ends_the_session_with_an_error(tmp_path: Path) -> None:
    (tmp_path / "casts").write_text("in the way")
    order = replace(an_order(DECK, tmp_path / "none"))
    order.recordings.folder = tmp_path / "casts"
    (blocks,) = order.plan().sessions
    played = PlayedSession()
    outcome = record_session(order, blocks, played, Work(Path("deck.md")), lambda event: None)  # type: ignore[arg-type]
    assert (len(outcome.recorded), outcome.not_reached) == (0, 3)
    assert "a-1.cast could not be written" in str(outcome.problems[0])


def test_what_builds_on_a_failed_block_is_told_with_it_and_not_tried(tmp_path: Path) -> None:
    text = DECK.replace("one", "mkdir fails").replace("two", "ls fails").replace("three", "touch fails/new")
    session, outcome, events = recorded(text, tmp_path / "casts")
    assert session.ran == ["mkdir fails after nothing", "forgotten", "four after nothing"]
    assert (names(outcome), outcome.fresh, outcome.not_reached) == (["a-4"], 0, 2)
    (problem,) = outcome.problems
    assert problem.hint.endswith("2 blocks after it are not tried, they build on it: a-2, a-3")
    assert [event.problem for event in events if isinstance(event, BlockEnds)] == [problem, None]


def test_where_blocks_fail_states_are_kept_sooner(tmp_path: Path) -> None:
    session, _, _ = recorded(DECK.replace("one", "fails"), tmp_path / "casts")
    assert session.kept == [1 / 2, 1 / 2, 1 / 2]
