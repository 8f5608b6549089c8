"""Decks that are recorded as a whole, on machines that are only lists, and what is told of them afterwards."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from castdeck.cancellation import Cancellation
from castdeck.codes import Code
from castdeck.deck.model import Block
from castdeck.record import session as module
from castdeck.record.deck import record_decks
from castdeck.record.events import Event, WorkBegins
from castdeck.record.order import Order, Report
from castdeck.record.run import Run
from castdeck.record.script import CommandFailed
from tests.record.fake_machine import FakeReady
from tests.record.made import an_order, ran, record_all

DECK = """# A {#a}

```bash
echo one
```

```bash {session=db}
echo db
```

```bash
fail
```

```bash {.norun}
rm -rf build
```

```bash {.check}
test -e a
```

```bash
docker run <image>
```

```bash
echo )
```
"""


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs on it is a list; the command `fail` fails."""

    def run(machine: Any, block: Block, *_: Any) -> Run:
        if block.lines[0].text == "fail":
            raise CommandFailed(block.lines[0], "ended with exit status 1, not 0")
        return Run(ran(block), 2.0)

    monkeypatch.setattr(module, "mark_shell", lambda machine, language: None)
    monkeypatch.setattr(module, "record_block", run)
    monkeypatch.setattr(module, "replay_block", run)


def recorded(*orders: Order) -> tuple[list[Report], list[FakeReady], list[Event]]:
    ready, told = list[FakeReady](), list[Event]()

    def made(definition: object) -> Any:
        ready.append(FakeReady())
        return ready[-1]

    return record_decks(orders, made, 1, told.append, Cancellation()), ready, told


def test_each_session_has_a_machine_and_what_fails_or_is_not_run_is_told_by_line(tmp_path: Path) -> None:
    (report,), ready, told = recorded(an_order(DECK, tmp_path / "casts"))
    assert len(ready) == 2
    assert [(one.work.session, one.of) for one in told if isinstance(one, WorkBegins)] == [("", 2), ("db", 1)]
    assert sorted(one.block.name for one in report.recorded) == ["a-1", "a-2"]
    assert (report.deck, report.fresh, report.not_reached) == (Path("deck.md"), 0, 0)
    assert [(one.line, one.code) for one in report.problems] == [
        (12, Code.COMMAND_FAILED),
        (23, Code.NOT_RUN),
        (27, Code.RECORDING_FAILED),
    ]
    assert "exit status 2: " in report.problems[2].message and "not run: " in report.problems[1].message
    assert "{fill.image=" in report.problems[1].hint
    assert len(report.skipped) == 2  # .norun and the placeholder; neither the check nor what bash refuses


def test_a_deck_of_which_all_is_fresh_needs_no_machine(tmp_path: Path) -> None:
    text = DECK.replace("fail", "true")
    record_all(an_order(text, tmp_path / "casts"))
    (report,), ready, told = recorded(an_order(text, tmp_path / "casts"))
    assert (report.fresh, report.recorded, ready, told) == (3, (), [], [])


def test_only_the_sessions_that_are_chosen_run(tmp_path: Path) -> None:
    order = replace(an_order(DECK, tmp_path / "casts"), sessions=frozenset({"db"}))
    (report,), _, _ = recorded(order)
    assert [one.block.name for one in report.recorded] == ["a-2"]


def test_several_decks_have_a_report_each(tmp_path: Path) -> None:
    one, other = an_order(DECK, tmp_path / "one"), an_order("# B {#b}\n\n```bash\necho b\n```\n", tmp_path / "two")
    first, second = recorded(one, other)[0]
    assert [done.block.name for done in second.recorded] == ["b-1"]
    assert len(first.recorded) == 2


def test_a_block_with_a_new_name_keeps_its_recording(tmp_path: Path) -> None:
    text = "# A {#a}\n\n```bash\necho one\n```\n"
    record_all(an_order(text, tmp_path / "casts"))
    order = an_order(text.replace("#a}", "#z}"), tmp_path / "casts")
    (report,), _, _ = recorded(order)
    assert (report.fresh, report.recorded) == (1, ())
    assert order.recordings.entry("z-1") and not order.recordings.entry("a-1")
