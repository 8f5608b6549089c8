"""Web pages that programs in a live terminal's machine serve, shown in a frame of no origin.

Their address holds a key of that terminal alone, as the deck's frame has one: whoever has it reaches the ports of that
machine, and nothing else of castdeck's. What a machine answers can't set a cookie, or be a page of castdeck's origin.
"""

import asyncio
import re
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from castdeck.errors import MachineError
from castdeck.terminals.hall import Hall
from castdeck.terminals.ports import MOST_BODY, Answered, Asked, ask_port

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATH = "/port/{key}/{port:int}/{path:path}"
_MOST_WAITING = 16  # requests of one terminal
_IN_PATH = re.compile(r"(?P<before>(?:/[^/]+)?/port/(?P<key>[\w-]{20,40})/\d{1,5})(?P<rest>/.*)", re.ASCII)
_ABSOLUTE = re.compile(rb"""(\b(?:href|src|action|poster)\s*=\s*["']?|\burl\(["']?)/(?!/)""", re.IGNORECASE)
_OWN_NAMES = frozenset({"localhost", "127.0.0.1"})
_HEADERS = {
    "Content-Security-Policy": "sandbox allow-scripts allow-forms allow-modals; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",  # only for who knows the key
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "content-type, x-requested-with",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def opens_port(hall: Hall, path: str) -> bool:
    """Whether a path holds the key of a terminal that runs."""
    found = _IN_PATH.match(path)
    return found is not None and hall.with_key(found["key"]) is not None


async def answer_port(request: Request, hall: Hall) -> Response:
    """Answer a request below PATH by what the machine's port says."""
    terminal = hall.with_key(request.path_params["key"])
    port = request.path_params["port"]
    if terminal is None or terminal.machine is None or port not in terminal.ports:
        return PlainTextResponse("castdeck: there is no such port\n", 404)
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=_HEADERS)
    if terminal.requests >= _MOST_WAITING:
        return PlainTextResponse("castdeck: too many requests at a time\n", 503, _HEADERS)
    terminal.requests += 1
    try:
        asked = Asked(request.method, _target(request), tuple(request.headers.items()), await _body(request))
        answered = await asyncio.wrap_future(terminal.machine.ask(lambda machine: ask_port(machine, port, asked)))
    except ValueError:
        return PlainTextResponse("castdeck: this is more than can be sent to a port\n", 413, _HEADERS)
    except MachineError as error:
        return PlainTextResponse(f"castdeck: {error.problem.message}\n", 502, _HEADERS)
    finally:
        terminal.requests -= 1
    return _response(answered, port, _below(request))


def _target(request: Request) -> str:
    """The path below the port, as it came, and the query."""
    raw = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
    found = _IN_PATH.fullmatch(raw)
    query = request.scope["query_string"].decode("latin-1")
    return (found["rest"] if found else "/") + (f"?{query}" if query else "")


def _below(request: Request) -> str:
    found = _IN_PATH.match(request.scope["path"])
    return found["before"] if found else ""


async def _body(request: Request) -> bytes:
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise ValueError
    return body


def _response(answered: Answered, port: int, below: str) -> Response:
    response = Response(_in_place(answered, below), answered.status, headers=_HEADERS)
    for name, value in answered.headers:
        response.headers[name] = _moved(value, port, below) if name == "location" else value
    return response


def _moved(location: str, port: int, below: str) -> str:
    """Where a redirect leads: to the same port, or away."""
    try:
        parts = urlsplit(location)
        is_own = not parts.netloc or (parts.hostname in _OWN_NAMES and (parts.port or 80) == port)
    except ValueError:
        return f"{below}/"
    if not is_own:
        return location
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return below + "/" + path.lstrip("/\\") if parts.netloc or path.startswith("/") else path


def _in_place(answered: Answered, below: str) -> bytes:
    """A page or style sheet whose absolute paths lead to its own port; scripts have to use relative ones."""
    kind = dict(answered.headers).get("content-type", "")
    if not kind.startswith(("text/html", "text/css")):
        return answered.body
    begin = below.encode() + b"/"
    return _ABSOLUTE.sub(lambda found: found[1] + begin, answered.body)
