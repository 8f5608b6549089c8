"""The open pages of a presentation, each with a role, and what they say to each other."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum

from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.serve.said import messages, tell

BEAT = 4.0  # seconds between two signs of life; a page that hears none for three of them connects anew
MOST_WAITING = 64  # messages that a slow page is behind before it is let go
GONE = 1013

Message = Mapping[str, object]


class Role(StrEnum):
    """What a page is for."""

    STAGE = "stage"  # shows the deck to the room
    REMOTE = "remote"  # the presenter's phone
    TRAINER = "trainer"  # lists the students of a class
    STUDENT = "student"  # a student's own


class Page:
    """One open page, and what it is still to be told. `visitor` says whose it is, where that counts."""

    def __init__(self, role: Role, visitor: str = "") -> None:
        self.role, self.visitor = role, visitor
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(MOST_WAITING)
        self._is_slow = asyncio.Event()

    def tell(self, message: Message) -> None:
        """Send it a message when it is ready for one. A page that is too far behind is let go, and comes back."""
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._is_slow.set()

    async def send(self, socket: WebSocket) -> None:
        """Send what it is told, and a sign of life where there is nothing to tell, until it is gone or too slow."""
        while not self._is_slow.is_set():
            try:
                message = await asyncio.wait_for(self._waiting.get(), BEAT)
            except TimeoutError:
                message = {}
            await tell(socket, message)
        await socket.close(GONE)


Take = Callable[[Page, object], None]


class Hub:
    """The pages that are open now.

    `greet` is called with each page that comes; `changed` when one has come or gone.
    """

    def __init__(self, greet: Callable[[Page], None], changed: Callable[[], None]) -> None:
        self._greet, self._changed = greet, changed
        self._pages: list[Page] = []
        self._takes: dict[tuple[Role, str], Take] = {}

    def on(self, role: Role, name: str, take: Take) -> None:
        """Call `take` with the page and the value of each message {name: value} of a page in that role."""
        self._takes[role, name] = take

    def tell(self, role: Role, message: Message, visitor: str | None = None) -> None:
        """Tell all pages in a role, or those of one visitor."""
        for page in self._pages:
            if page.role is role and visitor in (None, page.visitor):
                page.tell(message)

    def count(self, role: Role) -> int:
        """How many pages in a role are open."""
        return sum(page.role is role for page in self._pages)

    def visitors(self, role: Role) -> frozenset[str]:
        """Whose pages in a role are open."""
        return frozenset(page.visitor for page in self._pages if page.role is role)

    async def attend(self, socket: WebSocket, role: Role, visitor: str = "") -> None:
        """Be there for one page until it goes. What is in none of its role's messages is left alone."""
        page = Page(role, visitor)
        self._greet(page)
        self._pages.append(page)
        sending = asyncio.create_task(page.send(socket))
        self._changed()
        try:
            async for message in messages(socket):
                for name, value in message.items():
                    if take := self._takes.get((role, name)):
                        take(page, value)
        finally:
            self._pages.remove(page)
            self._changed()
            sending.cancel()
            with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                await sending
