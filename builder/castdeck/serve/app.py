"""The preview's web application.

Each deck has a page of castdeck's (shell.py) and a WebSocket. The deck's own page and files are below a secret address,
and castdeck's page shows them in a frame (frame.py). An index lists all decks.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
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

    routes = _deck_routes(decks, only)
    if only is None:
        routes = [Route("/", partial(_index, decks)), Mount("/{deck}", routes=routes)]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers=_ERRORS)


def _deck_routes(decks: Decks, only: str | None) -> list[BaseRoute]:
    def name_of(connection: Request | WebSocket) -> str:
        return only if only is not None else str(connection.path_params["deck"])

    async def deck_of(connection: Request | WebSocket) -> LiveDeck:
        name = name_of(connection)
        return await (decks.listed(name) if only is None else decks.get(name))

    async def deck_in_frame(request: Request) -> LiveDeck:
        if not decks.keys.opens(name_of(request), request.path_params["key"]):
            raise HTTPException(404)
        return await deck_of(request)

    async def shell(request: Request) -> Response:
        if not request.url.path.endswith("/"):
            return RedirectResponse(local_path(f"{request.url.path}/"))
        deck = await deck_of(request)
        address = frame_address(request, decks.keys.of(name_of(request)))
        if any(name.lower() == _PRINTED for name in request.query_params):
            return RedirectResponse(f"{address}?{_PRINTED}")
        return shell_page(request, deck.preview.view.title, address, terminals=decks.hall.token)

    async def page(request: Request) -> Response:
        preview = (await deck_in_frame(request)).preview
        view = preview.view
        state = json.dumps(page_state(view), separators=(",", ":")).replace("<", "\\u003c")
        data = f'<script type="application/json" id="castdeck-live">{state}</script>\n'
        html = preview.page(view, f'{data}<script src="{LIVE_SCRIPT}"></script>\n')
        address = frame_address(request, request.path_params["key"])
        headers = page_headers(request, address, scripts=preview.places.is_trusted)
        return HTMLResponse(html, headers={**headers, "Link": preloads(html)})

    async def library(request: Request) -> Response:
        deck, name = await deck_in_frame(request), request.path_params["name"]
        found = _libraries(deck.preview.theme).get(f"{LIBRARY}{name}")
        if found is None:
            raise HTTPException(404)
        return library_response(found, name)

    async def cast(request: Request) -> Response:
        return file_response((await deck_in_frame(request)).preview.cast_file(request.path_params["name"]))

    async def image(request: Request) -> Response:
        return file_response((await deck_in_frame(request)).preview.image(request.path_params["path"]))

    async def deck_shown(socket: WebSocket) -> Callable[[], DeckShown]:
        preview = (await deck_of(socket)).preview
        return lambda: preview.shown

    async def live(socket: WebSocket) -> None:
        try:
            deck = await deck_of(socket)
            await socket.accept()
            await deck.attend(
                socket,
                partial(decks.keys.accept, name_of(socket)),
                lambda slide: prepare_states(deck.preview.shown, decks.hall, slide),
            )
        except CastdeckError:
            await socket.close(1008)
        except (OSError, ValueError):
            await socket.close(1008)
        except (WebSocketDisconnect, RuntimeError):
            return

    return [
        Route("/", shell),
        WebSocketRoute("/live", live),
        *terminal_routes(deck_shown, decks.hall),
        Route("/deck/{key}/", page),
        Route("/deck/{key}/lib/{name:path}", library),
        Route("/deck/{key}/casts/{name}.cast", cast),
        Route("/deck/{key}/{path:path}", image),
        Route("/favicon.ico", _nothing),
    ]


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
