"""A classroom's pages: those around the deck's frame, on the wall and a student's; the phone's; the trainer's list."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from castdeck.render.bundle import bundle_scripts
from castdeck.serve.shell import own_page, shell_page

BROWSER = Path(__file__).parent / "browser"


@dataclass(frozen=True)
class PageContext:
    """What each page is made of: the deck's title, its language, the words in it, and the id of the room."""

    title: str
    lang: str
    words: Mapping[str, str]
    room: str


def stage_page(request: Request, context: PageContext, address: str, terminals: str) -> Response:
    """The page on the wall; `address` is the deck's frame, `terminals` the token of live terminals."""
    return _around_deck(request, context, address, terminals, "stage.js")


def student_page(request: Request, context: PageContext, address: str, terminals: str) -> Response:
    """A student's page."""
    return _around_deck(request, context, address, terminals, "student.js")


def trainer_page(request: Request, context: PageContext, terminals: str) -> Response:
    """The list of the students, whose terminals can be looked at with the token `terminals`."""
    return _own(request, context, "students", "'none'", {"terminals": terminals})


def remote_page(request: Request, context: PageContext, address: str) -> Response:
    """The presenter's phone, in the look of the theme of the deck at `address`."""
    return _own(request, context, "remote", address, {})


def _around_deck(request: Request, context: PageContext, address: str, terminals: str, entry: str) -> Response:
    return shell_page(
        request,
        context.title,
        address,
        script=script(entry),
        data=context.room,
        terminals=terminals,
        lang=context.lang,
        words=context.words,
    )


def _own(request: Request, context: PageContext, name: str, address: str, values: Mapping[str, str]) -> Response:
    template, values = _template(f"{name}.html.j2"), {"title": context.title, "room": context.room, **values}
    return own_page(request, template, address, script(f"{name}.js"), values, lang=context.lang, words=context.words)


@cache
def script(entry: str) -> Markup:
    """One of the classroom's scripts, with all that it imports."""
    return Markup(bundle_scripts(BROWSER, entry))


@cache
def _template(name: str) -> Template:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template(name)
