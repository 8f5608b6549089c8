"""The classroom's web application: the page on the wall, the presenter's phone, and the deck's own files.

The deck stands in a sandboxed frame, as in the preview (serve/frame.py), below an address that holds a secret key.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.present.hub import Role
from castdeck.present.pages import remote_page, stage_page
from castdeck.present.room import Room
from castdeck.serve.frame import file_response, frame_address, library_response, page_headers, preloads
from castdeck.serve.keys import DeckKeys

INDEX = "index.html"
LIBRARIES = "lib/"
CASTS = "casts/"
REFUSED = 1008


@dataclass(frozen=True)
class Presentation:
    """A built deck: its title, language and words, and all of its files by path, as `site_files` gives them.

    `scripts`: it is trusted to run its own.
    """

    title: str
    lang: str
    words: Mapping[str, str]
    files: Mapping[str, str | Path]
    scripts: bool = False


@dataclass(frozen=True)
class Classroom:
    """What the application serves: a presentation, its room, and the keys of its frame."""

    presentation: Presentation
    room: Room = field(default_factory=Room)
    keys: DeckKeys = field(default_factory=DeckKeys)

    def address(self, request: Request) -> str:
        """The whole address of the deck's frame."""
        return frame_address(request, self.keys.of(""))


def application(classroom: Classroom, started: Callable[[], None], more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application. `more` are routes before its own; `started` is called when requests are answered."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        started()
        yield

    return Starlette(routes=[*more, *_routes(classroom)], lifespan=lifespan)


def _routes(classroom: Classroom) -> list[BaseRoute]:
    presentation, room = classroom.presentation, classroom.room

    async def stage(request: Request) -> Response:
        return stage_page(request, presentation.title, room.id, classroom.address(request))

    async def remote(request: Request) -> Response:
        address, lang, words = classroom.address(request), presentation.lang, presentation.words
        return remote_page(request, presentation.title, room.id, address, lang=lang, words=words)

    async def hub(socket: WebSocket) -> None:
        try:
            role = Role(socket.path_params["role"])
            await socket.accept()
            await room.hub.attend(socket, role)
        except ValueError:
            await socket.close(REFUSED)
        except (WebSocketDisconnect, RuntimeError):
            return

    async def deck(request: Request) -> Response:
        if not classroom.keys.opens("", request.path_params["key"]):
            raise HTTPException(404)
        name = request.path_params["path"] or INDEX
        content = presentation.files.get(name)
        if content is None:
            raise HTTPException(404)
        if name == INDEX:
            html = str(content)
            address = frame_address(request, request.path_params["key"])
            headers = page_headers(request, address, scripts=presentation.scripts)
            return HTMLResponse(html, headers={**headers, "Link": preloads(html)})
        if name.startswith((LIBRARIES, CASTS)):
            return library_response(content, name)
        return file_response(content if isinstance(content, Path) else None)

    return [
        Route("/", stage),
        Route("/remote", remote),
        Route("/remote/", _without_slash),
        WebSocketRoute("/hub/{role}", hub),
        Route("/deck/{key}/{path:path}", deck),
        Route("/favicon.ico", _nothing),
    ]


async def _without_slash(_: Request) -> Response:
    return RedirectResponse("/remote")


async def _nothing(_: Request) -> Response:
    return Response(status_code=204)
