"""What a web application needs for live terminals: their WebSocket, and the libraries that show them."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.errors import CastdeckError
from castdeck.render.vendor import TERMINAL_FILES, vendor_file
from castdeck.terminals.hall import Hall
from castdeck.terminals.of_deck import Checked, DeckShown, attend_terminal
from castdeck.terminals.proxy import METHODS, PATH, answer_port

_FONT = re.compile(r"fonts/[\w-]+\.woff2", re.ASCII)
_REFUSED = 1008
Find = Callable[[WebSocket], Awaitable[Callable[[], DeckShown]]]


def terminal_routes(
    find: Find,
    hall: Hall,
    owner_of: Callable[[WebSocket], str] = lambda _: "",
    checked: Checked = lambda owner, slide, is_done: None,
) -> list[BaseRoute]:
    """Routes below a page; `find` gives the deck of a connection, and may raise CastdeckError, `owner_of` its owner.

    `checked` is told what came of checks.
    """

    async def terminal(socket: WebSocket) -> None:
        with suppress(CastdeckError, OSError, ValueError, WebSocketDisconnect, RuntimeError):
            try:
                shown = await find(socket)
            except (CastdeckError, OSError, ValueError):
                await socket.close(_REFUSED)
                return
            await socket.accept()
            await attend_terminal(socket, shown, hall, owner_of(socket), checked)

    async def port(request: Request) -> Response:
        return await answer_port(request, hall)

    return [
        WebSocketRoute("/terminal", terminal),
        Route("/terminal/{name:path}", _library),
        Route(PATH, port, methods=METHODS),
    ]


def _library(request: Request) -> Response:
    """What castdeck's own page shows live terminals with, loaded when the first is taken over."""
    name = request.path_params["name"]
    if name not in TERMINAL_FILES and not _FONT.fullmatch(name):
        raise HTTPException(404)
    return FileResponse(vendor_file(name))
