"""The two pages of a classroom: the one on the wall, around the deck's frame, and the presenter's phone."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from castdeck.render.bundle import bundle_scripts
from castdeck.serve.shell import own_page, shell_page

BROWSER = Path(__file__).parent / "browser"


def stage_page(request: Request, title: str, room: str, address: str, terminals: str) -> Response:
    """The page on the wall; `address` is the deck's frame, `terminals` the token of live terminals."""
    return shell_page(request, title, address, script=script("stage.js"), data=room, terminals=terminals)


def student_page(request: Request, title: str, room: str, address: str, terminals: str) -> Response:
    """A student's page."""
    return shell_page(request, title, address, script=script("student.js"), data=room, terminals=terminals)


def trainer_page(request: Request, title: str, room: str, terminals: str) -> Response:
    """The list of the students, whose terminals can be looked at with the token `terminals`."""
    values = {"title": title, "room": room, "terminals": terminals}
    return own_page(request, _template("students.html.j2"), "'none'", script("students.js"), values)


def remote_page(
    request: Request, title: str, room: str, address: str, *, lang: str, words: Mapping[str, str]
) -> Response:
    """The presenter's phone, in the look of the theme of the deck at `address`."""
    said = Markup(json.dumps(dict(words)).replace("<", "\\u003c"))
    values = {"title": title, "room": room, "lang": lang, "words": words, "said": said}
    return own_page(request, _template("remote.html.j2"), address, script("remote.js"), values)


@cache
def script(entry: str) -> Markup:
    """One of the classroom's scripts, with all that it imports."""
    return Markup(bundle_scripts(BROWSER, entry))


@cache
def _template(name: str) -> Template:
    return Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template(name)
