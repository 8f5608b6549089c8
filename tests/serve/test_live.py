"""What a page is sent over its WebSocket: the difference between what it shows and the deck's view; no browser."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketState

from castdeck.problems import Problem
from castdeck.serve import live as module
from castdeck.serve.live import LiveDeck, page_state, shown_view
from castdeck.serve.preview import Preview
from castdeck.serve.reader import read_whole
from castdeck.serve.source import fingerprint
from castdeck.serve.view import View
from castdeck.workspace import DeckPlace


class FakeSocket(WebSocket):
    """A page: what it says is put in, what it is sent comes out."""

    def __init__(self) -> None:
        self.application_state = WebSocketState.CONNECTED
        self.says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.closed: list[int] = []

    async def receive(self) -> Any:
        return await self.says.get()

    async def send_text(self, data: str) -> None:
        await self.sent.put(json.loads(data))

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        self.closed.append(code)

    def say(self, **said: Any) -> None:
        self.says.put_nowait({"type": "websocket.receive", "text": json.dumps(said)})

    def leave(self) -> None:
        self.says.put_nowait({"type": "websocket.disconnect"})

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(20):
            return await self.sent.get()


@pytest.fixture
def place(tmp_path: Path) -> DeckPlace:
    path = tmp_path / "deck.md"
    path.write_text("# One\n\n---\n\n# Two\n")
    return DeckPlace(path, "deck", tmp_path / "recordings")


class Visit:
    """A page that attends a deck."""

    def __init__(self, place: DeckPlace, process: Executor, **options: Any) -> None:
        self.told: list[Problem] = []
        self.live = LiveDeck(Preview(place), process, say=self.told.append, **options)
        self.socket = FakeSocket()
        self.keys: list[str] = []
        self.looked: list[int] = []

    async def attend(self) -> None:
        await self.live.attend(self.socket, self.keys.append, self.looked.append)


def visit(place: DeckPlace, scene: Callable[[Visit], Coroutine[None, None, None]], **options: Any) -> Visit:
    async def run() -> Visit:
        with ThreadPoolExecutor(1) as process:
            one = Visit(place, process, **options)
            tasks = [asyncio.create_task(one.live.run()), asyncio.create_task(one.attend())]
            await asyncio.sleep(0)  # both have begun
            try:
                await scene(one)
                one.socket.leave()
                async with asyncio.timeout(20):
                    await tasks[1]
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        return one

    return asyncio.run(run())


def test_a_page_that_shows_nothing_is_sent_everything(place: DeckPlace) -> None:
    async def scene(one: Visit) -> None:
        one.socket.say(sections=[], key="its-key")
        message = await one.socket.next()
        text = json.dumps(message)
        assert "One" in text and "Two" in text

    assert visit(place, scene).keys == ["its-key"]


def test_a_page_that_is_up_to_date_is_sent_only_what_changes(place: DeckPlace) -> None:
    async def scene(one: Visit) -> None:
        one.socket.say(**page_state(one.live.preview.view))
        one.socket.say(at=1)
        place.path.write_text("# One\n\n---\n\n# Three\n")
        while "Three" not in (text := json.dumps(await one.socket.next())):
            pass
        assert "<h1>One" not in text

    assert visit(place, scene).looked == [1]


def test_what_a_page_says_before_it_tells_what_it_shows_is_passed_over(place: DeckPlace) -> None:
    async def scene(one: Visit) -> None:
        one.socket.say(at=1)
        one.socket.say(hello="there")
        one.socket.say(sections="nonsense")
        assert "Two" in json.dumps(await one.socket.next())

    assert visit(place, scene).looked == []


def test_a_page_that_goes_at_once_leaves_nothing(place: DeckPlace) -> None:
    async def scene(one: Visit) -> None:
        one.socket.leave()

    one = visit(place, scene)
    assert one.socket.sent.empty()
    assert one.keys == []


@pytest.mark.parametrize(("said", "code"), [({"bytes": b"\x00"}, 1003), ({"text": "{"}, 1007), ({"text": "NaN"}, 1007)])
def test_a_page_that_says_no_json_is_closed(place: DeckPlace, said: dict[str, Any], code: int) -> None:
    async def scene(one: Visit) -> None:
        one.socket.says.put_nowait({"type": "websocket.receive", **said})

    assert visit(place, scene).socket.closed == [code]


def test_a_problem_is_said_once(place: DeckPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE", 0.0)

    async def scene(one: Visit) -> None:
        one.socket.say(sections=[])
        for text in ("![x](no.png)\n", "![x](no.png)\n\nmore\n"):
            place.path.write_text(f"# One\n\n{text}")
            while "no.png" not in json.dumps(await one.socket.next()):
                pass
        while not one.live.preview.is_settled or not one.told:
            await asyncio.sleep(0.01)

    assert [str(problem.code) for problem in visit(place, scene).told] == ["missing-image"]


def test_a_view_survives_the_way_to_the_page_and_back(place: DeckPlace) -> None:
    view = Preview(place).view
    back = shown_view(json.loads(json.dumps(page_state(view))))
    assert [(one.id, one.key) for one in back.sections] == [(one.id, one.key) for one in view.sections]
    assert (back.title, back.shell, back.edits) == (view.title, view.shell, view.edits)


@pytest.mark.parametrize(
    "said",
    [
        *(None, [], {}, {"sections": 1}, {"sections": [[1]]}),
        {"sections": [], "title": "", "shell": "", "edits": "many"},
        {"sections": [], "title": "", "shell": "", "styles": {}, "files": {}, "edits": 1e999},
    ],
)
def test_nonsense_is_a_page_that_shows_nothing(said: object) -> None:
    assert shown_view(said) == View()


def test_a_deck_by_a_relative_path_is_the_same_for_the_reader(
    place: DeckPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where they differ, each save reads the whole deck, and slides that nobody has seen yet stay empty."""
    monkeypatch.chdir(place.path.parent)
    preview = Preview(DeckPlace(Path(place.path.name), "deck", Path("recordings")))
    whole = read_whole(preview.text, preview.places)
    assert whole.marks == tuple(fingerprint(slide) for slide in preview.deck.slides)
