"""The preview's web application.

Each deck has a page of castdeck's (shell.py) and a WebSocket. The deck's own page and files are below a secret address,
and castdeck's page shows them in a frame (frame.py). An index lists all decks.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.errors import CastdeckError
from castdeck.render import Rendered, Theme, site_files
from castdeck.render.bundle import bundle_scripts
from castdeck.render.vendor import LIBRARY, SCRIPTS
from castdeck.serve.decks import Decks
from castdeck.serve.frame import file_response, frame_address, library_response, page_headers, preloads
from castdeck.serve.guard import local_path
from castdeck.serve.index import index_page
from castdeck.serve.live import LiveDeck, page_state
from castdeck.serve.shell import BROWSER, shell_page
from castdeck.terminals.of_deck import DeckShown, prepare_states
from castdeck.terminals.routes import terminal_routes

LIVE_SCRIPT = f"{LIBRARY}live.js"
_PRINTED = "print-pdf"
_REFUSED = 1008
_INDEX_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"


def application(decks: Decks, only: str | None, started: Callable[[], None]) -> Starlette:
    """Build the application: the deck called `only` at /, or all decks at /NAME/ and their index at /.

    `started` is called once the server answers requests.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if only is not None:
            await decks.get(only)
        started()
        yield
        await decks.stop()

    routes = _DeckRoutes(decks, only).all()
    if only is None:
        routes = [Route("/", partial(_index, decks)), Mount("/{deck}", routes=routes)]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=_ERRORS)


@dataclass(frozen=True)
class _DeckRoutes:
    """The addresses of each deck, and the functions that answer them."""

    decks: Decks
    only: str | None

    def all(self) -> list[BaseRoute]:
        return [
            Route("/", self.shell),
            WebSocketRoute("/live", self.live),
            *terminal_routes(self.deck_shown, self.decks.hall),
            Route("/deck/{key}/", self.page),
            Route("/deck/{key}/lib/{name:path}", self.library),
            Route("/deck/{key}/casts/{name}.cast", self.cast),
            Route("/deck/{key}/{path:path}", self.image),
            Route("/favicon.ico", _nothing),
        ]

    def name_of(self, connection: Request | WebSocket) -> str:
        return self.only if self.only is not None else str(connection.path_params["deck"])

    async def deck_of(self, connection: Request | WebSocket) -> LiveDeck:
        name = self.name_of(connection)
        return await (self.decks.listed(name) if self.only is None else self.decks.get(name))

    async def deck_in_frame(self, request: Request) -> LiveDeck:
        if not self.decks.keys.opens(self.name_of(request), request.path_params["key"]):
            raise HTTPException(404)
        return await self.deck_of(request)

    async def shell(self, request: Request) -> Response:
        if not request.url.path.endswith("/"):
            return RedirectResponse(local_path(f"{request.url.path}/"))
        deck = await self.deck_of(request)
        address = frame_address(request, self.decks.keys.of(self.name_of(request)))
        if any(name.lower() == _PRINTED for name in request.query_params):
            return RedirectResponse(f"{address}?{_PRINTED}")
        return shell_page(request, deck.preview.view.title, address, terminals=self.decks.hall.token)

    async def live(self, socket: WebSocket) -> None:
        try:
            deck = await self.deck_of(socket)
            await socket.accept()
            await deck.attend(
                socket,
                partial(self.decks.keys.accept, self.name_of(socket)),
                lambda slide: prepare_states(deck.preview.shown, self.decks.hall, slide),
            )
        except (CastdeckError, OSError, ValueError):
            await socket.close(_REFUSED)
        except (WebSocketDisconnect, RuntimeError):
            return

    async def deck_shown(self, socket: WebSocket) -> Callable[[], DeckShown]:
        preview = (await self.deck_of(socket)).preview
        return lambda: preview.shown

    async def page(self, request: Request) -> Response:
        preview = (await self.deck_in_frame(request)).preview
        view = preview.view
        state = json.dumps(page_state(view), separators=(",", ":")).replace("<", "\\u003c")
        data = f'<script type="application/json" id="castdeck-live">{state}</script>\n'
        html = preview.page(view, f'{data}<script src="{LIVE_SCRIPT}"></script>\n')
        address = frame_address(request, request.path_params["key"])
        headers = page_headers(request, address, scripts=preview.places.is_trusted)
        return HTMLResponse(html, headers={**headers, "Link": preloads(html)})

    async def library(self, request: Request) -> Response:
        deck, name = await self.deck_in_frame(request), request.path_params["name"]
        found = _libraries(deck.preview.theme).get(f"{LIBRARY}{name}")
        if found is None:
            raise HTTPException(404)
        return library_response(found, name)

    async def cast(self, request: Request) -> Response:
        preview = (await self.deck_in_frame(request)).preview
        return file_response(preview.cast_file(request.path_params["name"]))

    async def image(self, request: Request) -> Response:
        preview = (await self.deck_in_frame(request)).preview
        return file_response(preview.image(request.path_params["path"]))


async def _index(decks: Decks, _: Request) -> Response:
    return HTMLResponse(index_page(decks.places()), headers={"Content-Security-Policy": _INDEX_POLICY})


def _nothing(_: Request) -> Response:
    return Response(status_code=204)


@lru_cache(maxsize=8)
def _libraries(theme: Theme) -> Mapping[str, str | Path]:
    """The files of lib/: those of a built deck, and the preview's own script."""
    built = site_files(Rendered("", (), (), libraries=frozenset(SCRIPTS)), {}, theme, all_fonts=True)
    return {**built, LIVE_SCRIPT: bundle_scripts(BROWSER, "live.js")}


async def _explain(_: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}\n", 404)


async def _senseless(_: Request, __: Exception) -> Response:
    """Answer 400: the system refused a path that is too long, or an absurd value."""
    return PlainTextResponse("castdeck: invalid request\n", 400)


_ERRORS = {CastdeckError: _explain, OSError: _senseless, ValueError: _senseless, RecursionError: _senseless}
