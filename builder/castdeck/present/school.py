"""The class: a page for each student, at /class/ behind a token of its own, and the trainer's list of them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.present.hub import Role
from castdeck.present.pages import PageContext, student_page, trainer_page
from castdeck.present.room import Room
from castdeck.present.shared import Shared
from castdeck.present.students import Students
from castdeck.serve.frame import frame_address
from castdeck.terminals.attend import watch
from castdeck.terminals.hall import Hall
from castdeck.terminals.of_deck import DeckShown
from castdeck.terminals.routes import terminal_routes

CLASS = "/class"
WHO = "castdeck-student"
_REFUSED = 1008


@dataclass(frozen=True)
class School:
    """What a class needs; `key` is that of the deck's frame, whose requests `answer_deck` answers."""

    page: PageContext
    key: str
    room: Room
    hall: Hall
    students: Students
    shared: Shared
    shown: DeckShown
    answer_deck: Callable[[Request], Awaitable[Response]]


def class_routes(school: School) -> list[BaseRoute]:
    """The students' pages and the trainer's."""
    room, students = school.room, school.students

    def who(connection: Request | WebSocket) -> str:
        return connection.cookies.get(WHO, "")

    async def page(request: Request) -> Response:
        student = students.enter(who(request))
        if not student:
            return PlainTextResponse(f"{school.page.words['classFull']}\n", 503)
        answer = student_page(request, school.page, frame_address(request, school.key), school.hall.token)
        answer.set_cookie(WHO, student, httponly=True, samesite="strict", path=f"{CLASS}/")
        return answer

    async def listen(socket: WebSocket) -> None:
        if not students.knows(who(socket)):
            await socket.close(_REFUSED)
            return
        await socket.accept()
        try:
            await room.hub.attend(socket, Role.STUDENT, who(socket))
        except (WebSocketDisconnect, RuntimeError):
            return

    async def deck_of_student(socket: WebSocket) -> Callable[[], DeckShown]:
        if not students.knows(who(socket)):
            raise ValueError
        return lambda: school.shown

    async def look(socket: WebSocket) -> None:
        if not students.knows(who(socket)):
            await socket.close(_REFUSED)
            return
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.accept()
            await watch(socket, school.hall, school.shared.of_trainer)

    async def look_at_student(socket: WebSocket) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):
            await socket.accept()
            await watch(socket, school.hall, school.shared.of_student)

    async def trainer(request: Request) -> Response:
        return trainer_page(request, school.page, school.hall.token)

    return [
        Route("/students", trainer),
        WebSocketRoute("/watch", look_at_student),
        Route(CLASS, _with_slash),
        Mount(
            CLASS,
            routes=[
                Route("/", page),
                WebSocketRoute("/hub/student", listen),
                WebSocketRoute("/watch", look),
                *terminal_routes(deck_of_student, school.hall, who, students.checked),
                Route("/deck/{key}/{path:path}", school.answer_deck),
            ],
        ),
    ]


async def _with_slash(_: Request) -> Response:
    return RedirectResponse(f"{CLASS}/")
