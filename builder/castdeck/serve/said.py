"""Messages between a page and castdeck over a WebSocket: JSON objects. Anything else closes the connection."""

import json
from collections.abc import AsyncIterator, Mapping

from starlette.websockets import WebSocket, WebSocketState

_WRONG_KIND = 1003
_NOT_JSON = 1007
_MOST_SLIDES = 1_000_000


async def messages(socket: WebSocket) -> AsyncIterator[dict[str, object]]:
    """The messages of a page, until it disconnects or sends something invalid."""
    while (received := await socket.receive())["type"] != "websocket.disconnect":
        text = received.get("text")
        if text is None:
            await _close(socket, _WRONG_KIND)
            return
        try:
            said = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            await _close(socket, _NOT_JSON)
            return
        if isinstance(said, dict):
            yield said


async def tell(socket: WebSocket, message: Mapping[str, object]) -> None:
    """Send a message, in ASCII: a lone surrogate, which another page may have sent, would end the connection."""
    await socket.send_text(json.dumps(message, separators=(",", ":")))


def slide_number(said: object) -> int | None:
    """The value as the number of a slide; None if it can't be one."""
    return said if type(said) is int and 0 <= said < _MOST_SLIDES else None


async def _close(socket: WebSocket, code: int) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        await socket.close(code)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
