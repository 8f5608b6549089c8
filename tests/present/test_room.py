"""Who is told what in a room: the phone where the page on the wall is, the wall what the phone asks for."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.websockets import WebSocket, WebSocketState

from castdeck.present import hub
from castdeck.present.hub import Role
from castdeck.present.room import Room

AT_TWO = {"number": 2, "of": 5, "title": "Two"}


class Browser:
    """A page's side of a WebSocket: what it says, and what it has been told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self._says: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.heard = asyncio.Event()
        self.is_stuck = False
        self.socket = WebSocket({"type": "websocket"}, self._says.get, self._send)
        self.socket.client_state = self.socket.application_state = WebSocketState.CONNECTED

    async def _send(self, message: Any) -> None:
        while self.is_stuck:
            await asyncio.Event().wait()
        self.told.append(json.loads(message["text"]) if "text" in message else message)
        self.heard.set()

    def say(self, message: object) -> None:
        self._says.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    def go(self) -> None:
        self._says.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def hears(self, message: dict[str, Any]) -> None:
        while message not in self.told:
            self.heard.clear()
            await self.heard.wait()


def attend(room: Room, role: Role) -> tuple[Browser, asyncio.Task[None]]:
    browser = Browser()
    return browser, asyncio.ensure_future(room.hub.attend(browser.socket, role))


def in_room(story: Any) -> None:
    with ThreadPoolExecutor(1) as thread:  # Playwright's event loop runs in this one
        thread.submit(lambda: asyncio.run(asyncio.wait_for(story(), 10))).result()


def test_the_phone_is_told_where_the_wall_is_and_moves_it() -> None:
    now = [100.0]

    async def story() -> None:
        room = Room(lambda: now[0])
        wall, wall_task = attend(room, Role.STAGE)
        phone, phone_task = attend(room, Role.REMOTE)
        await phone.hears({"stages": 1})
        wall.say({"now": {"number": 1}})
        await phone.hears({"now": {"number": 1}, "running": 0.0})
        phone.say({"do": "next"})
        await wall.hears({"do": "next"})
        wall.say({"now": AT_TWO})
        await phone.hears({"now": AT_TWO, "running": 0.0})
        now[0] += 61
        late, late_task = attend(room, Role.REMOTE)
        await late.hears({"now": AT_TWO, "running": 61.0})
        wall.go()
        await wall_task
        await phone.hears({"stages": 0})
        for page, task in ((phone, phone_task), (late, late_task)):
            page.go()
            await task

    in_room(story)


def test_only_the_phone_moves_the_wall_and_only_by_what_it_knows() -> None:
    async def story() -> None:
        room = Room()
        wall, wall_task = attend(room, Role.STAGE)
        phone, phone_task = attend(room, Role.REMOTE)
        phone.say({"do": "format c:"})
        phone.say({"do": ["next"]})
        phone.say({"now": {"number": 9}})
        wall.say({"do": "previous"})
        phone.say({"do": "black"})
        await wall.hears({"do": "black"})
        assert [one for one in wall.told if "do" in one] == [{"do": "black"}]
        assert not any("now" in one for one in phone.told)
        for page, task in ((wall, wall_task), (phone, phone_task)):
            page.go()
            await task

    in_room(story)


def test_a_quiet_page_gets_signs_of_life_and_one_that_takes_nothing_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "BEAT", 0.01)
    monkeypatch.setattr(hub, "MOST_WAITING", 4)

    async def story() -> None:
        room = Room()
        wall, wall_task = attend(room, Role.STAGE)
        await wall.hears({})
        stuck, stuck_task = attend(room, Role.REMOTE)
        stuck.is_stuck = True
        phone, phone_task = attend(room, Role.REMOTE)
        for number in range(9):
            wall.say({"now": {"number": number}})
            await phone.hears({"now": {"number": number}, "running": 0.0 if number == 0 else pytest.approx(0, abs=9)})
        assert room.hub.count(Role.REMOTE) == 2
        for page, task in ((wall, wall_task), (stuck, stuck_task), (phone, phone_task)):
            page.go()
            await task
        assert room.hub.count(Role.REMOTE) == 0

    in_room(story)
