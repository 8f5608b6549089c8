"""The recorder's own process, run in a thread of the test: jobs in, events out, on a machine that is a list."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from castdeck.cancellation import Cancellation
from castdeck.deck.model import Block, Deck
from castdeck.deck.text import DeckText
from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine
from castdeck.record import session as session_module
from castdeck.record.events import Shown, Tell, Work
from castdeck.record.run import Run
from castdeck.record.script import CommandFailed
from castdeck.record.settings import Settings
from castdeck.record.store import Recordings
from castdeck.serve import warm as module
from castdeck.serve.job import BlockEnded, BlockStarted, JobDone, RecorderEvent, RecordJob, ScreenChanged
from castdeck.serve.warm import WarmRecorder
from castdeck.workspace import Workspace
from tests.record.fake_machine import FakeReady
from tests.record.made import ran

END = "the-end"
DECK = """# A {#a}

```bash
one
```

---

# B {#b}

```bash
two
```

---

# C {#c}

```bash
three
```
"""


class Bench:
    """A warm recorder at work, and what it told. `holds` keeps a block running until it is set."""

    def __init__(self, folder: Path, ready: FakeReady) -> None:
        self.ready = ready
        self.folder = folder
        self.typed: list[str] = []
        self.holds: dict[str, threading.Event] = {}
        self.begun: dict[str, threading.Event] = {}
        self._ours, theirs = Pipe()
        self.recorder = WarmRecorder(theirs)
        self._number = 0

    def job(self, text: str = DECK, slide: str = "") -> int:
        self._number += 1
        place = Workspace(None)
        job = RecordJob(DeckText(text), Path("deck.md"), self.folder / "casts", place, slide, number=self._number)
        self.recorder.take(job)
        return self._number

    def until(self, last: type[RecorderEvent], **fields: object) -> list[RecorderEvent]:
        """What it tells up to an event of that kind with those fields."""
        told: list[RecorderEvent] = []
        while not (
            told and isinstance(told[-1], last) and all(getattr(told[-1], name) == fields[name] for name in fields)
        ):
            assert self._ours.poll(20), f"nothing more comes after {told}"
            told.append(self._ours.recv())
        return told

    def run_block(self, machine: Machine, block: Block, settings: Settings, work: Work, tell: Tell) -> Run:
        text = block.lines[0].text
        self.typed.append(text)
        if text in self.begun:
            self.begun[text].set()
        if text in self.holds:
            while not self.holds[text].wait(0.01):
                if machine.is_lost():
                    raise MachineError("the machine is gone")
        if "fails" in text:
            raise CommandFailed(block.lines[0], "ended with exit status 1, not 0", [])
        tell(Shown(work, b"ok"))
        return Run(ran(block), 0.1)


class LostWhenCancelled(FakeReady):
    """Its machines are lost once their cancellation is cancelled, as a virtual machine that is killed."""

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator[Any]:
        with super().started(state, cancellation) as machine:
            assert cancellation

            def kill() -> None:
                machine.lost = True

            with cancellation.ending(kill):
                yield machine


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    bench = Bench(tmp_path, LostWhenCancelled(kept=None))
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "prepared", lambda definition, cache, step: bench.ready)
    monkeypatch.setattr(session_module, "record_block", bench.run_block)
    monkeypatch.setattr(session_module, "replay_block", bench.run_block)
    monkeypatch.setattr(session_module, "mark_shell", lambda *_: None, raising=False)

    def run() -> None:
        with suppress(SystemExit), bench.recorder:
            bench.recorder.run()

    deck_of = module._deck_of

    def deck_or_end(job: RecordJob) -> Deck:
        if job.slide == END and threading.current_thread() is thread:
            raise SystemExit
        return deck_of(job)

    monkeypatch.setattr(module, "_deck_of", deck_or_end)
    thread = threading.Thread(target=run)
    thread.start()
    yield bench
    for hold in bench.holds.values():
        hold.set()
    bench.job(slide=END)
    thread.join(20)
    assert not thread.is_alive()
    assert all(machine.closed for machine in bench.ready.machines)


def names(told: Sequence[RecorderEvent], kind: type[RecorderEvent]) -> list[str]:
    return [one.block for one in told if isinstance(one, kind) and hasattr(one, "block")]


def test_a_job_records_what_is_not_fresh_on_one_machine(bench: Bench) -> None:
    bench.job()
    told = bench.until(JobDone)
    assert names(told, BlockStarted) == names(told, BlockEnded) == ["a-1", "b-1", "c-1"]
    assert Recordings(bench.folder / "casts").cast("b-1")
    bench.job(DECK.replace("three", "four"))
    told = bench.until(JobDone)
    assert names(told, BlockStarted) == ["c-1"]
    assert "four" in bench.typed
    assert len(bench.ready.machines) <= 3


def test_a_job_of_one_slide_records_up_to_it(bench: Bench) -> None:
    bench.job(slide="b")
    assert names(bench.until(JobDone), BlockStarted) == ["a-1", "b-1"]


def test_a_block_that_fails_is_told_with_its_problem_and_the_job_ends(bench: Bench) -> None:
    bench.job(DECK.replace("two", "two fails"))
    told = bench.until(JobDone)
    (failed,) = [one for one in told if isinstance(one, BlockEnded) and one.problem]
    assert failed.block == "b-1"
    assert failed.problem and "exit status 1" in failed.problem.message
    assert isinstance(told[-1], JobDone) and told[-1].problem is None


def test_a_deck_that_can_not_be_read_ends_the_job_and_the_next_one_runs(bench: Bench) -> None:
    bench.job("---\ntitle: [\n---\n# A\n")
    (done,) = bench.until(JobDone)
    assert isinstance(done, JobDone) and done.problem
    number = bench.job()
    assert names(bench.until(JobDone, number=number), BlockStarted) == ["a-1", "b-1", "c-1"]


def test_a_machine_that_does_not_start_is_told(bench: Bench) -> None:
    bench.ready.is_broken = True
    bench.job()
    told = bench.until(JobDone)
    problems = [one.problem for one in told if isinstance(one, BlockEnded | JobDone) and one.problem]
    assert "does not start" in problems[0].message


def test_a_newer_job_ends_a_block_that_is_no_part_of_it(bench: Bench) -> None:
    bench.holds["two"], bench.begun["two"] = threading.Event(), threading.Event()
    bench.job()
    assert bench.begun["two"].wait(20)
    number = bench.job(DECK.replace("two", "other"))
    told = bench.until(JobDone, number=number)
    assert not bench.holds["two"].is_set()
    assert names(told, BlockStarted)[-2:] == ["b-1", "c-1"]
    assert "other" in bench.typed
    assert not any(one.problem for one in told if isinstance(one, BlockEnded))


def test_a_newer_job_lets_a_block_that_it_has_too_run_to_its_end(bench: Bench) -> None:
    bench.holds["two"], bench.begun["two"] = threading.Event(), threading.Event()
    bench.job()
    assert bench.begun["two"].wait(20)
    number = bench.job(DECK.replace("three", "four"))
    bench.holds["two"].set()
    bench.until(JobDone, number=number)
    assert bench.typed[:3] == ["one", "two", "four"]  # then the machine goes back to where the next job may begin


def test_the_terminal_is_told_only_when_it_shows_something_new(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK", 0.01)
    threading.Thread(target=bench.recorder.look_forever, daemon=True).start()
    bench.holds["three"] = threading.Event()
    bench.job()
    told = bench.until(BlockStarted, block="c-1")
    bench.holds["three"].set()
    told += bench.until(JobDone)
    shown = [one for one in told if isinstance(one, ScreenChanged)]
    assert len(shown) == len({(one.block, one.text) for one in shown})
