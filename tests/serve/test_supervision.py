"""The preview's tasks: one that fails is told of, one that has ended is begun again; no browser, no machine."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from castdeck.deck.text import DeckText
from castdeck.serve.background import BackgroundRecorder
from castdeck.serve.job import BlockStarted, JobDone, RecorderEvent, RecordJob
from castdeck.serve.live import LiveDeck
from castdeck.serve.preview import Preview
from castdeck.serve.reader import ParsedDeck
from castdeck.serve.recorder import RecorderProcess
from castdeck.serve.tasks import Tasks
from castdeck.workspace import DeckPlace, Workspace

JOB = RecordJob(DeckText("# One"), Path("deck.md"), Path("recordings"), Workspace(None))
WHOLE = ParsedDeck((), (), False, (), (), (), ("one-1",), ("one-1",), (), "commands")


async def until(condition: "object") -> None:
    assert callable(condition)
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def test_a_task_that_fails_is_told_and_one_that_ended_does_not_run() -> None:
    async def run() -> None:
        failed: list[Exception] = []
        tasks = Tasks(failed.append)

        async def fail() -> None:
            raise ValueError("no")

        async def wait() -> None:
            await asyncio.sleep(60)

        async def nothing() -> None:
            pass

        tasks.start("work", fail())
        await until(lambda: not tasks.is_running("work"))
        assert [str(error) for error in failed] == ["no"]
        tasks.start("work", nothing())
        await until(lambda: not tasks.is_running("work"))
        tasks.start("work", wait())
        tasks.start("work", wait())
        assert tasks.is_running("work")
        await tasks.stop()
        assert not tasks.is_running("work")
        assert len(failed) == 1

    asyncio.run(run())


@pytest.fixture
def deck(tmp_path: Path) -> DeckPlace:
    (tmp_path / "castdeck.toml").write_text("")
    (tmp_path / "themes/own").mkdir(parents=True)
    (tmp_path / "themes/own/theme.css").write_text("h1 { color: red }")
    (tmp_path / "slides/a").mkdir(parents=True)
    path = tmp_path / "slides/a/deck.md"
    path.write_text("---\ntheme: own\n---\n\n# One\n")
    return DeckPlace(path, "a", tmp_path / "recordings/a")


def test_a_change_that_can_not_be_taken_in_is_shown_and_the_preview_goes_on(deck: DeckPlace, tmp_path: Path) -> None:
    async def run() -> None:
        with ThreadPoolExecutor(1) as process:
            live = LiveDeck(Preview(deck), process)
            running = asyncio.create_task(live.run())
            style = tmp_path / "themes/own/theme.css"
            await asyncio.sleep(0.1)
            style.write_bytes(b"h1 { content: '\xff\xfe' }")
            await until(lambda: live.preview.view.problems)
            assert live.preview.view.problems[0]["error"]
            assert not running.done()
            style.write_text("h1 { color: blue }")
            await until(lambda: not live.preview.view.problems)
            deck.path.write_text("# Two\n")
            await until(lambda: "Two" in live.preview.view.sections[0].html)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())


def test_an_unexpected_failure_of_one_change_is_shown_until_the_next(
    deck: DeckPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        with ThreadPoolExecutor(1) as process:
            live = LiveDeck(Preview(deck), process)
            refresh = live.preview.refresh
            monkeypatch.setattr(live.preview, "refresh", lambda *_, **__: 1 / 0)
            running = asyncio.create_task(live.run())
            await asyncio.sleep(0.1)
            deck.path.write_text("# Two\n")
            await until(lambda: live.preview.view.problems)
            assert "division by zero" in str(live.preview.view.problems[0]["message"])
            monkeypatch.setattr(live.preview, "refresh", refresh)
            deck.path.write_text("# Three\n")
            await until(lambda: not live.preview.view.problems)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(run())


class Fake(RecorderProcess):
    """A recorder whose process is the test: `told` are put on its pipe."""

    def __init__(self, *told: RecorderEvent, ends: bool = False) -> None:
        self.told = list(told)
        self.jobs: list[RecordJob] = []
        self.is_stopped = threading.Event()
        self._ends = ends

    def begin(self, job: RecordJob) -> None:
        self.jobs.append(job)

    def next(self) -> RecorderEvent | None:
        if self.told:
            return self.told.pop(0)
        if not self._ends:
            self.is_stopped.wait(20)
        return None

    def stop(self) -> None:
        self.is_stopped.set()


def test_a_recorder_that_ends_is_replaced_once_and_the_job_begins_anew() -> None:
    async def run() -> None:
        fakes = [Fake(ends=True), Fake(BlockStarted("one-1"), JobDone(2))]
        used = iter(fakes)
        background = BackgroundRecorder(lambda: None, True, lambda: next(used))
        await background.settled(WHOLE, JOB)
        await until(lambda: fakes[1].jobs and not fakes[1].told)
        assert [job.number for fake in fakes for job in fake.jobs] == [1, 2]
        assert fakes[0].is_stopped.is_set()
        await background.stop()
        assert fakes[1].is_stopped.is_set()
        assert background.problems == ()

    asyncio.run(run())


def test_nothing_is_begun_after_the_preview_has_ended() -> None:
    async def run() -> None:
        fake = Fake()
        background = BackgroundRecorder(lambda: None, False, lambda: fake)
        await background.stop()
        await background.settled(WHOLE, JOB)
        await background.record("one")
        assert fake.jobs == []

    asyncio.run(run())
