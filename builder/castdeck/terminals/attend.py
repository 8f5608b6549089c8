"""One page's connection to a live terminal."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.cast.model import format_cast
from castdeck.errors import CastdeckError
from castdeck.terminals import wire
from castdeck.terminals.hall import Hall
from castdeck.terminals.machine import HIGH
from castdeck.terminals.terminal import ENDED, LiveTerminal

GREETING = 10.0  # seconds until a page has said what it wants
BAD, FORBIDDEN, TAKEN = 1008, 4403, 4409
"""Why a connection is closed: senseless, not allowed, or another page holds the terminal now."""
_CHUNK = 64 << 10
_MOST_ASKED = 8
_TOGETHER = 0.02  # seconds between two messages of output, unless one of _CHUNK bytes is there


@dataclass(frozen=True)
class Watched:
    """A terminal that somebody else holds, while `may_look`; and typed into while `may_type`."""

    terminal: LiveTerminal
    may_look: Callable[[], bool]
    may_type: Callable[[], bool] = bool


Begin = Callable[[wire.Hello], Awaitable[LiveTerminal]]
Asked = Callable[[LiveTerminal, wire.Do], Awaitable[dict[str, object]]]


async def attend(socket: WebSocket, hall: Hall, begin: Begin, asked: Asked, owner: str = "") -> None:
    """Join a page to the terminal that it asks for, one that runs or a new one of `begin`, until it goes.

    `asked` answers what is asked of a terminal. Both may raise CastdeckError, whose message is told.
    Only a terminal of `owner` is found again.
    """
    try:
        hello = wire.read(await asyncio.wait_for(_received(socket), GREETING))
    except (wire.Senseless, TimeoutError):
        await socket.close(BAD)
        return
    if not isinstance(hello, wire.Hello) or not hall.knows(hello.token):
        await socket.close(FORBIDDEN)
        return
    terminal = hall.find(hello.id, hello.block, owner)
    since = hello.since if terminal else 0
    try:
        terminal = terminal or await begin(hello)
    except CastdeckError as error:
        hint = f"; {error.problem.hint}" if error.problem.hint else ""
        await socket.send_bytes(wire.written(wire.STATE, {"state": ENDED, "why": f"{error.problem.message}{hint}"}))
        await socket.close()
        return
    hall.attach(terminal, socket)
    terminal.resize(hello.cols, hello.rows)
    sender = _Sender(socket, terminal, min(since, terminal.output.end), lambda: terminal.holder is socket)
    sending = asyncio.create_task(sender.run())
    asking: dict[str, asyncio.Task[None]] = {}
    try:
        await _listen(socket, terminal, sender, asked, asking)
    except wire.Senseless:
        await socket.close(BAD)
    finally:
        for task in (sending, *asking.values()):
            task.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sending
        terminal.news.discard(sender.news)
        hall.detach(terminal, socket)


async def watch(socket: WebSocket, hall: Hall, find: Callable[[str], Watched | None]) -> None:
    """Show a page a terminal that another page holds, from what is kept of its output on; `find` knows what it may see.

    The terminal waits for no watcher: one that is too slow misses a part, and goes on behind it.
    """
    try:
        hello = wire.read(await asyncio.wait_for(_received(socket), GREETING))
    except (wire.Senseless, TimeoutError):
        await socket.close(BAD)
        return
    watched = find(hello.id) if isinstance(hello, wire.Hello) and hall.knows(hello.token) else None
    if watched is None:
        await socket.close(FORBIDDEN)
        return
    terminal = watched.terminal
    sender = _Sender(socket, terminal, 0, watched.may_look, watches=True)
    sending = asyncio.create_task(sender.run())
    try:
        while True:
            said = wire.read(await _received(socket))
            if isinstance(said, wire.Typed) and watched.may_type():
                terminal.type(said.data)
            elif isinstance(said, wire.Shown):
                sender.has_shown(said.at)
    except wire.Senseless:
        await socket.close(BAD)
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sending
        terminal.news.discard(sender.news)


async def _listen(
    socket: WebSocket, terminal: LiveTerminal, sender: "_Sender", asked: Asked, asking: dict[str, asyncio.Task[None]]
) -> None:
    while True:
        said = wire.read(await _received(socket))
        if terminal.holder is not socket:
            return
        match said:
            case wire.Typed(data):
                if not terminal.type(data):
                    raise wire.Senseless
            case wire.Resize(cols, rows):
                terminal.resize(cols, rows)
            case wire.Shown(at):
                sender.has_shown(at)
            case wire.Do("end"):
                terminal.end()
            case wire.Do("cast"):
                cast = format_cast(terminal.output.cast(terminal.cols, terminal.rows))
                sender.answer({"do": "cast", "text": cast})
            case wire.Do(what) if what in asking:
                sender.answer({"do": what, "failed": "wait until what was asked before is answered"})
            case wire.Do(what) if len(asking) < _MOST_ASKED:
                asking[what] = asyncio.create_task(_answer(terminal, said, sender, asked))
                asking[what].add_done_callback(partial(_forget, asking, what))
            case wire.Do():
                raise wire.Senseless
            case wire.Hello():
                raise wire.Senseless


def _forget(asking: dict[str, asyncio.Task[None]], what: str, _: asyncio.Task[None]) -> None:
    asking.pop(what, None)


async def _answer(terminal: LiveTerminal, said: wire.Do, sender: "_Sender", asked: Asked) -> None:
    try:
        sender.answer({"do": said.what, **await asked(terminal, said)})
    except CastdeckError as error:
        sender.answer({"do": said.what, "failed": error.problem.message})
    except wire.Senseless:
        sender.answer({"do": said.what, "failed": "invalid request"})


async def _received(socket: WebSocket) -> bytes:
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    data = message.get("bytes")
    if data is None:
        raise wire.Senseless
    return bytes(data)


class _Sender:
    """Sends what a terminal shows, no more than HIGH bytes ahead of what the page has shown, while it `may` be seen."""

    def __init__(
        self, socket: WebSocket, terminal: LiveTerminal, since: int, may: Callable[[], bool], *, watches: bool = False
    ) -> None:
        self._socket, self._terminal = socket, terminal
        self._may, self._watches = may, watches
        self._sent = self._shown = since
        self._answers: list[dict[str, object]] = []
        self._told: dict[str, object] = {}
        self._sent_at = 0.0
        self.news = asyncio.Event()
        self.news.set()
        terminal.news.add(self.news)

    def has_shown(self, at: int) -> None:
        """The page has shown the output up to there."""
        self._shown = max(self._shown, min(at, self._sent))
        if not self._watches:
            self._terminal.shown(self._shown)
        self.news.set()

    def answer(self, value: dict[str, object]) -> None:
        """Send an answer."""
        self._answers.append(value)
        self.news.set()

    async def run(self) -> None:
        """Send until the connection ends, or somebody else holds the terminal."""
        await self._begin()
        while True:
            await self.news.wait()
            self.news.clear()
            if not self._may():
                await self._socket.close(TAKEN)
                return
            while self._answers:
                await self._socket.send_bytes(wire.written(wire.ANSWER, self._answers.pop(0)))
            await self._send_output()
            await self._tell_state()

    async def _begin(self) -> None:
        terminal = self._terminal
        begin = terminal.output.beginning if self._sent < terminal.output.start else b""
        self._sent = max(self._sent, terminal.output.start)
        said: dict[str, object] = {
            "id": terminal.id,
            "block": terminal.block,
            "at": self._sent,
            "end": terminal.output.end,
        }
        if self._watches:
            said = {"at": self._sent, "cols": terminal.cols, "rows": terminal.rows}
        said |= {"state": terminal.state, "why": terminal.why, "check": terminal.has_check}
        await self._socket.send_bytes(wire.written(wire.STATE, said))
        if begin:
            await self._socket.send_bytes(wire.RESET + begin)

    async def _send_output(self) -> None:
        """A first word goes at once; what trickles after it is gathered: a page draws whole messages cheaper."""
        output = self._terminal.output
        while self._sent < output.end and self._sent - self._shown < HIGH:
            wait = self._sent_at + _TOGETHER - time.monotonic()
            if wait > 0 and output.end - self._sent < _CHUNK:
                await asyncio.sleep(wait)
            begin, data = output.since(self._sent, _CHUNK)
            if begin > self._sent:
                self._shown = begin
                await self._socket.send_bytes(wire.written(wire.STATE, {"state": self._terminal.state, "at": begin}))
                await self._socket.send_bytes(wire.RESET + output.beginning)
            self._sent = begin + len(data)
            await self._socket.send_bytes(wire.OUTPUT + data)
            self._sent_at = time.monotonic()

    async def _tell_state(self) -> None:
        terminal = self._terminal
        if terminal.doing:
            await self._socket.send_bytes(wire.PROGRESS + terminal.doing.encode())
        now: dict[str, object] = {"state": terminal.state, "why": terminal.why}
        if self._watches:
            now |= {"cols": terminal.cols, "rows": terminal.rows}
        if self._told != now:
            self._told = now
            await self._socket.send_bytes(wire.written(wire.STATE, now))
