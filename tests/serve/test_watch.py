"""Which changes of files are told, with events and by polling; real files, no deck."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from castdeck.serve.watch import Interest, Watcher

LONG = 20  # seconds: only reached when something is wrong


class Watched:
    """A watcher that runs, and what it told so far."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.told: list[Path] = []
        self._news = asyncio.Event()

    async def listen(self) -> None:
        async for changed in self.watcher.changes():
            self.told += changed
            self._news.set()

    async def tells(self, path: Path) -> None:
        async with asyncio.timeout(LONG):
            while path not in self.told:
                self._news.clear()
                await self._news.wait()
        self.told.clear()


@asynccontextmanager
async def watching(interest: Interest, poll: bool) -> AsyncIterator[Watched]:
    watcher = Watcher(poll)
    watcher.watch(interest)
    watched = Watched(watcher)
    listening = asyncio.create_task(watched.listen())
    await asyncio.sleep(0)
    try:
        yield watched
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


Scene = Callable[[Watched, Path], Coroutine[None, None, None]]


async def saved_in_place(watched: Watched, folder: Path) -> None:
    (folder / "deck.md").write_text("# Two")
    await watched.tells(folder / "deck.md")


async def moved_into_place(watched: Watched, folder: Path) -> None:
    (folder / "deck.md.new").write_text("# Two")
    (folder / "deck.md.new").replace(folder / "deck.md")
    await watched.tells(folder / "deck.md")


async def removed_and_put_back(watched: Watched, folder: Path) -> None:
    (folder / "deck.md").unlink()
    await watched.tells(folder / "deck.md")
    (folder / "deck.md").write_text("# Three")
    await watched.tells(folder / "deck.md")


async def a_new_file_in_a_watched_folder(watched: Watched, folder: Path) -> None:
    (folder / "casts/.hidden").write_text("no")
    (folder / "casts/a-1.cast").write_text("cast")
    await watched.tells(folder / "casts/a-1.cast")


async def a_folder_that_is_made_anew(watched: Watched, folder: Path) -> None:
    shutil.rmtree(folder / "casts")
    (folder / "casts").mkdir()
    (folder / "casts/a-1.cast").write_text("cast")
    await watched.tells(folder / "casts/a-1.cast")


async def written_through_a_link(watched: Watched, folder: Path) -> None:
    (folder / "elsewhere/real.md").write_text("linked again")
    await watched.tells(folder / "linked.md")


async def two_that_are_not_there_yet(watched: Watched, folder: Path) -> None:
    (folder / "later").mkdir()
    (folder / "later/one.md").write_text("one")
    await watched.tells(folder / "later/one.md")


async def looked_at_again(watched: Watched, folder: Path) -> None:
    watched.watcher.look_again(folder / "deck.md", 0.01)
    await watched.tells(folder / "deck.md")


@pytest.mark.parametrize("poll", [False, True], ids=["events", "polling"])
@pytest.mark.parametrize(
    "scene",
    [
        saved_in_place,
        moved_into_place,
        removed_and_put_back,
        a_new_file_in_a_watched_folder,
        a_folder_that_is_made_anew,
        written_through_a_link,
        two_that_are_not_there_yet,
        looked_at_again,
    ],
)
def test_a_change_is_told(tmp_path: Path, scene: Scene, poll: bool) -> None:
    (tmp_path / "deck.md").write_text("# One")
    (tmp_path / "casts").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/real.md").write_text("linked")
    (tmp_path / "linked.md").symlink_to(tmp_path / "elsewhere/real.md")
    files = frozenset({tmp_path / "deck.md", tmp_path / "linked.md", tmp_path / "later/one.md"})

    async def run() -> None:
        async with watching(Interest(files, frozenset({tmp_path / "casts"})), poll) as watched:
            await scene(watched, tmp_path)
            assert tmp_path / "casts/.hidden" not in watched.told

    asyncio.run(run())


def test_what_nobody_is_interested_in_is_not_told(tmp_path: Path) -> None:
    deck, other = tmp_path / "deck.md", tmp_path / "other.md"
    deck.write_text("# One")

    async def run() -> None:
        async with watching(Interest(frozenset({deck})), poll=False) as watched:
            other.write_text("other")
            deck.write_text("# Two")
            await watched.tells(deck)
            assert other not in watched.told
            watched.watcher.watch(Interest(frozenset({deck, other})))
            other.write_text("another")
            await watched.tells(other)

    asyncio.run(run())


def test_the_files_of_an_interest_are_those_that_are_there(tmp_path: Path) -> None:
    (tmp_path / "a.cast").touch()
    (tmp_path / ".part").touch()
    interest = Interest(frozenset({tmp_path / "gone.md"}), frozenset({tmp_path, tmp_path / "no-folder"}))
    assert set(interest.all_files()) == {tmp_path / "gone.md", tmp_path / "a.cast"}
    assert interest.has(tmp_path / "b.cast")
    assert not interest.has(tmp_path / ".part")
    assert not interest.has(tmp_path / "below/b.cast")
