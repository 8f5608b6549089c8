"""Rejects requests from other sites: each must name this server as its Host, and come from its own pages.

The Host check stops DNS rebinding; the Origin check stops WebSockets and forms of other sites. If other computers can
reach the server, a token is required as well: in the query of the first request, in a cookie from then on.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
COOKIE = "castdeck"
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Door:
    """A part of the application, below `path` (with a slash at its end), that another token opens as well."""

    path: str
    token: str
    cookie: str


@dataclass
class Guard:
    """The application behind the checks. `token` is "" if only this computer can connect.

    `has_key` says whether a path contains a secret key: frames without an origin load these, so that no Origin can be
    checked. `door` is a part for other people, who have another token.
    """

    app: ASGIApp
    token: str = ""
    has_key: Callable[[str], bool] = lambda path: False
    door: Door | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is None:
            await self.app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self.token and host_name(host) not in LOOPBACK:
            return _no(f"this preview is for {', '.join(sorted(LOOPBACK))}, not for {host!r}")
        if scope["type"] == "http" and self.has_key(scope["path"]):
            return None
        origin = headers.get("origin")
        if origin is not None and _netloc(origin) != host:
            return _no("pages of other sites can't use this preview")
        fetched_by = headers.get("sec-fetch-site", "none")
        if fetched_by not in ("none", "same-origin") and headers.get("sec-fetch-dest") != "document":
            return _no("pages of other sites can't use this preview")
        return self._token_refusal(scope, headers) if self.token else None

    def _token_refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if _same(_cookie(headers, COOKIE), self.token):
            return None
        path = scope["path"]
        is_door = self.door and path.startswith(self.door.path) and ".." not in path.split("/")
        door = self.door if is_door else None
        token, name, below = (door.token, door.cookie, door.path) if door else (self.token, COOKIE, "/")
        if _same(_cookie(headers, name), token):
            return None
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        if scope["type"] != "http" or not _same(query.pop("token", ""), token):
            return _no("this preview needs the whole address that castdeck printed, with its token")
        answer = RedirectResponse(local_path(path) + (f"?{urlencode(query)}" if query else ""), 303)
        answer.set_cookie(name, token, httponly=True, samesite="strict", path=below)
        return answer


def host_name(host: str) -> str:
    """A Host header's name without its port, an IPv6 address without brackets."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def local_path(path: str) -> str:
    """The path as a URL on this server; with two slashes at its beginning, it would name another one."""
    return "/" + path.lstrip("/\\")


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def _same(given: str, token: str) -> bool:
    return secrets.compare_digest(given.encode(), token.encode())


def _cookie(headers: Headers, name: str) -> str:
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


def _no(reason: str) -> Response:
    return PlainTextResponse(f"castdeck: {reason}\n", 403)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
