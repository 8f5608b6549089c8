"""The preview's web application: each deck's page, its files and its WebSocket, and the index of all decks."""

import asyncio
import gc
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.errors import CastdeckError
from castdeck.gate import media_type
from castdeck.render import Rendered, Theme, site_files
from castdeck.render.bundle import bundle_scripts
from castdeck.render.vendor import SCRIPTS
from castdeck.serve.index import index_page
from castdeck.serve.live import LiveDeck, page_state
from castdeck.workspace import DeckPlace

BROWSER = Path(__file__).parent / "browser"
LIVE_SCRIPT = "lib/live.js"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".cast": "text/plain", ".html": "text/html"}


@dataclass
class Decks:
    """The decks that can be previewed by name; one is read when it is first asked for."""

    open: Callable[[str], LiveDeck]
    places: Callable[[], list[DeckPlace]]
    _running: dict[str, LiveDeck] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def get(self, name: str) -> LiveDeck:
        """The running preview of a deck. Raises CastdeckError where there is none of that name."""
        if name not in self._running:
            deck = await asyncio.to_thread(_uncollected, self.open, name)
            if name not in self._running:
                self._running[name] = deck
                self._tasks.append(asyncio.create_task(deck.run()))
        return self._running[name]

    async def stop(self) -> None:
        """End all previews."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _uncollected(open_deck: Callable[[str], LiveDeck], name: str) -> LiveDeck:
    """Open a deck without Python looking for garbage among what it makes, which takes as long again, then or later."""
    gc.disable()
    try:
        return open_deck(name)
    finally:
        gc.freeze()
        gc.enable()


def application(decks: Decks, only: str | None, started: Callable[[], None]) -> Starlette:
    """The application; the deck called `only` stands at /, else each at /NAME/ and at / the index of them.

    `started` is called when requests are answered.
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
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={CastdeckError: _explain})


def _deck_routes(decks: Decks, only: str | None) -> list[Route | WebSocketRoute | Mount]:
    async def deck_of(connection: Request | WebSocket) -> LiveDeck:
        return await decks.get(only if only is not None else connection.path_params["deck"])

    async def page(request: Request) -> Response:
        if not request.url.path.endswith("/"):
            return RedirectResponse(f"{request.url.path}/")
        preview = (await deck_of(request)).preview
        view = preview.view
        state = json.dumps(page_state(view), separators=(",", ":")).replace("<", "\\u003c")
        data = f'<script type="application/json" id="castdeck-live">{state}</script>\n'
        html = preview.page(view, f'{data}<script src="{LIVE_SCRIPT}"></script>\n')
        return HTMLResponse(html, headers={"Link": _preloads(html)})

    async def library(request: Request) -> Response:
        deck = await deck_of(request)
        found = _libraries(deck.preview.theme).get(f"lib/{request.path_params['name']}")
        if found is None:
            raise HTTPException(404)
        kind = _TYPES.get(Path(request.path_params["name"]).suffix)
        return FileResponse(found, media_type=kind) if isinstance(found, Path) else Response(found, media_type=kind)

    async def cast(request: Request) -> Response:
        return _file((await deck_of(request)).preview.cast_file(request.path_params["name"]))

    async def image(request: Request) -> Response:
        return _file((await deck_of(request)).preview.image(request.path_params["path"]))

    async def live(socket: WebSocket) -> None:
        try:
            deck = await deck_of(socket)
            await socket.accept()
            await deck.attend(socket)
        except CastdeckError:
            await socket.close(1008)
        except (WebSocketDisconnect, ValueError, RuntimeError):
            return

    return [
        Route("/", page),
        Route("/favicon.ico", _nothing),
        Route("/lib/{name:path}", library),
        Route("/casts/{name}.cast", cast),
        WebSocketRoute("/live", live),
        Route("/{path:path}", image),
    ]


def _index(decks: Decks, _: Request) -> Response:
    return HTMLResponse(index_page(decks.places()))


def _preloads(html: str) -> str:
    """The Link header that has the page's scripts fetched before its slides are read: they stand behind them all."""
    sources = re.findall(r'<script src="([^"]+)"', html[html.rfind("</section>") :])
    return ", ".join(f"<{source}>; rel=preload; as=script" for source in sources)


def _nothing(_: Request) -> Response:
    return Response(status_code=204)


def _file(path: Path | None) -> Response:
    if path is None or path.is_symlink() or not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type=media_type(path) or "application/octet-stream")


@lru_cache(maxsize=8)
def _libraries(theme: Theme) -> Mapping[str, str | Path]:
    """The files of lib/: those of a built deck, and the preview's own script."""
    built = site_files(Rendered("", (), (), libraries=frozenset(SCRIPTS)), {}, theme, all_fonts=True)
    return {**built, LIVE_SCRIPT: bundle_scripts(BROWSER, "live.js")}


async def _explain(_: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}\n", 404)
