"""Which requests get through to the preview, and which are refused: asked as an ASGI application, without a network."""

import asyncio
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from castdeck.serve.guard import HEADERS, Guard

HERE = "127.0.0.1:8000"
TOKEN = "secret"


def ask(guard: Guard, path: str = "/", query: str = "", kind: str = "http", **headers: str) -> list[dict[str, Any]]:
    """What a request is answered with: the ASGI messages."""
    sent: list[dict[str, Any]] = []
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": HERE, **headers}.items()]
    scope = {"type": kind, "method": "GET", "path": path, "query_string": query.encode(), "headers": pairs}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    return sent


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await PlainTextResponse("the preview")(scope, receive, send)


def status(guard: Guard, **request: str) -> int:
    (start, *_) = ask(guard, **request)
    found: int = start["status"]
    return found


def headers_of(messages: list[dict[str, Any]]) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in messages[0]["headers"]}


@pytest.mark.parametrize("host", [HERE, "localhost", "localhost:1", "[::1]:8000"])
def test_this_computer_s_names_get_through(host: str) -> None:
    assert status(Guard(app), host=host) == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "localhost.evil:8000"])
def test_another_host_name_is_refused(host: str) -> None:
    assert status(Guard(app), host=host) == 403


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"origin": f"http://{HERE}"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[::1"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site", "sec_fetch_dest": "document"}, 200),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "none"}, 200),
    ],
)
def test_only_own_pages_and_links_get_through(headers: dict[str, str], expected: int) -> None:
    assert status(Guard(app), **headers) == expected


def test_a_path_with_a_deck_s_key_may_come_from_a_frame_of_no_origin() -> None:
    guard = Guard(app, has_key=lambda path: path.startswith("/deck/key/"))
    assert status(guard, path="/deck/key/a.png", origin="null", sec_fetch_site="cross-site") == 200
    assert status(guard, path="/deck/other/a.png", origin="null") == 403
    assert status(guard, path="/deck/key/a.png", host="evil.example") == 403


def test_a_websocket_of_another_site_is_closed() -> None:
    assert ask(Guard(app), kind="websocket", origin="http://evil.example") == [
        {"type": "websocket.close", "code": 1008}
    ]
    assert ask(Guard(app), kind="websocket", origin=f"http://{HERE}") == [{"type": "websocket.accept"}]
    guard = Guard(app, has_key=lambda path: True)
    assert ask(guard, kind="websocket", origin="null") == [{"type": "websocket.close", "code": 1008}]


def test_with_a_token_any_host_name_will_do_but_not_without_the_token() -> None:
    guard = Guard(app, TOKEN)
    assert status(guard, host="a-lan.example") == 403
    assert status(guard, host="a-lan.example", cookie=f"castdeck={TOKEN}") == 200
    assert status(guard, cookie="castdeck=other") == 403
    assert status(guard, cookie="a=1; castdeck") == 403
    assert status(guard, query="token=other") == 403


def test_the_token_in_the_address_becomes_a_cookie() -> None:
    answer = ask(Guard(app, TOKEN), path="//evil.example/deck", query=f"a=1&token={TOKEN}")
    headers = headers_of(answer)
    assert answer[0]["status"] == 303
    assert headers["location"] == "/evil.example/deck?a=1"
    assert headers["set-cookie"].startswith(f"castdeck={TOKEN}; HttpOnly")
    assert "samesite=strict" in headers["set-cookie"].lower()


def test_a_websocket_needs_the_cookie() -> None:
    guard = Guard(app, TOKEN)
    closed = [{"type": "websocket.close", "code": 1008}]
    assert ask(guard, kind="websocket", query=f"token={TOKEN}") == closed
    assert ask(guard, kind="websocket", cookie=f"castdeck={TOKEN}") == [{"type": "websocket.accept"}]


@pytest.mark.parametrize("host", [HERE, "evil.example"])
def test_every_answer_has_the_headers(host: str) -> None:
    headers = headers_of(ask(Guard(app), host=host))
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= headers.items()
