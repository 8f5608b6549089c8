"""The classroom's web application: the page on the wall, the presenter's phone, and the deck's own files.

The deck stands in a sandboxed frame, as in the preview (serve/frame.py), below an address that holds a secret key.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.present.hub import Role
from castdeck.present.pages import PageContext, remote_page, stage_page
from castdeck.present.room import Room
from castdeck.present.school import School, class_routes
from castdeck.present.shared import Shared
from castdeck.present.students import Students
from castdeck.render.vendor import LIBRARY
from castdeck.serve.frame import file_response, frame_address, library_response, page_headers, preloads
from castdeck.serve.keys import DeckKeys
from castdeck.terminals.hall import Hall
from castdeck.terminals.of_deck import DeckShown, prepare_states
from castdeck.terminals.proxy import opens_port
from castdeck.terminals.routes import terminal_routes

INDEX = "index.html"
CASTS = "casts/"
REFUSED = 1008


@dataclass(frozen=True)
class Presentation:
    """A built deck: its title, language and words, and all of its files by path, as `site_files` gives them.

    `scripts`: it is trusted to run its own. `languages` are the folders that hold it in other languages.
    """

    title: str
    lang: str
    words: Mapping[str, str]
    files: Mapping[str, str | Path]
    scripts: bool = False
    languages: tuple[str, ...] = ()

    def folder_of(self, path: str) -> str:
        """The folder of the language that a path belongs to, with its slash; "" for the deck's own."""
        return next((f"{name}/" for name in self.languages if path.startswith(f"{name}/")), "")


@dataclass(frozen=True)
class Classroom:
    """What the application serves: a presentation, its room, the keys of its frame, and its live terminals.

    `students` is how many there may be; without any there is no class.
    """

    presentation: Presentation
    shown: DeckShown
    students: int = 0
    keys: DeckKeys = field(default_factory=DeckKeys)
    hall: Hall = field(default_factory=Hall)

    @cached_property
    def room(self) -> Room:
        """The pages that are open."""
        return Room(shows=lambda slide: prepare_states(self.shown, self.hall, slide), has_class=bool(self.students))

    def opens(self, path: str) -> bool:
        """Whether a path holds a key: of the deck's frame, or of a machine's ports."""
        return self.keys.open_path(path) or opens_port(self.hall, path)

    def address(self, request: Request) -> str:
        """The whole address of the deck's frame."""
        return frame_address(request, self.keys.of(""))


def application(classroom: Classroom, started: Callable[[], None], more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application. `more` are routes before its own; `started` is called when requests are answered."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        started()
        telling = asyncio.create_task(students.tell_changes()) if classroom.students else None
        classroom.hall.end_idle()
        yield
        if telling:
            telling.cancel()
        await classroom.hall.stop()

    students = Students(classroom.room.hub, classroom.students, lambda: classroom.hall.terminals)
    return Starlette(routes=[*more, *_routes(classroom, students)], lifespan=lifespan)


def _routes(classroom: Classroom, students: Students) -> list[BaseRoute]:
    presentation, room = classroom.presentation, classroom.room
    page = PageContext(presentation.title, presentation.lang, presentation.words, room.id)

    async def stage(request: Request) -> Response:
        return stage_page(request, page, classroom.address(request), classroom.hall.token)

    async def remote(request: Request) -> Response:
        return remote_page(request, page, classroom.address(request))

    async def hub(socket: WebSocket) -> None:
        try:
            role = Role(socket.path_params["role"])
            await socket.accept()
            await room.hub.attend(socket, role)
        except ValueError:
            await socket.close(REFUSED)
        except (WebSocketDisconnect, RuntimeError):
            return

    async def deck_shown(_: WebSocket) -> Callable[[], DeckShown]:
        return lambda: classroom.shown

    async def deck(request: Request) -> Response:
        if not classroom.keys.opens("", request.path_params["key"]):
            raise HTTPException(404)
        path = request.path_params["path"] or INDEX
        folder = presentation.folder_of(path)
        name, content = path.removeprefix(folder), presentation.files.get(path)
        if content is None:
            raise HTTPException(404)
        if name == INDEX:
            html = str(content)
            address = frame_address(request, request.path_params["key"]) + folder
            headers = page_headers(request, address, scripts=presentation.scripts)
            return HTMLResponse(html, headers={**headers, "Link": preloads(html)})
        if name.startswith((LIBRARY, CASTS)):
            return library_response(content, name)
        return file_response(content if isinstance(content, Path) else None)

    hall, shown = classroom.hall, classroom.shown
    shared = Shared(room, hall, students)
    school = School(page, classroom.keys.of(""), room, hall, students, shared, shown, deck)
    return [
        *(class_routes(school) if classroom.students else ()),
        Route("/", stage),
        *terminal_routes(deck_shown, classroom.hall),
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
