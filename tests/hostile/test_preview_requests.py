"""Strange requests to `castdeck serve`: a plain 4xx, no traceback, and the next request is answered."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from castdeck.serve.guard import Guard, local_path
from castdeck.serve.keys import DeckKeys
from tests.cli.test_serve import frame_path, get

TOKEN = "t" * 22


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The preview of a workspace with two decks; the test fails where it has printed a traceback."""
    workspace = tmp_path_factory.mktemp("workspace")
    (workspace / "castdeck.toml").write_text("")
    (workspace / ".env").write_text("S3CRET")
    for name in "ab":
        (workspace / "slides" / name).mkdir(parents=True)
        (workspace / "slides" / name / "deck.md").write_text(f"# About {name}\n\n![x](x.png) ![y](evil.js)\n")
        (workspace / "slides" / name / "x.png").write_text("no picture")
        (workspace / "slides" / name / "evil.js").write_text("alert(1)")
    process = subprocess.Popen(
        [sys.executable, "-m", "castdeck", "serve", "--port", "0"],
        cwd=workspace,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout
    yield process.stdout.readline().strip()
    process.terminate()
    said = process.communicate(timeout=60)[1]
    assert "Traceback" not in said
    assert len(said.splitlines()) < 10, said


PATHS = [
    "/" + "a" * 5000 + "/",
    "/" + "a" * 5000 + "/deck/" + "k" * 24 + "/",
    "/%00/",
    "/a%00b/",
    "/%ff%fe/",
    "/a/%ff",
    "/.env/",
    "/castdeck.toml/",
    "/..%2fsecret/",
    "/..%2f..%2fetc%2fpasswd/",
    "/a/../.env",
    "/a/..%2f..%2f.env",
    "/slides/",
    "/a/lib/reveal.js",
    "/a/x.png",
    "/a/deck/",
    "/a/deck/" + "k" * 24 + "/x.png",
    "//evil.example/",
    "//evil.example/?token=x",
    "/\\evil.example/",
    "/%2f%2fevil.example",
    "/a?" + "x=1&" * 5000,
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:30])
def test_a_strange_path_is_not_found(address: str, path: str) -> None:
    status, text, headers = get(address, path)
    assert status in (307, 400, 404)
    assert "S3CRET" not in text
    assert not re.match(r"(\w+:)?[/\\]{2}(?!127\.0\.0\.1)", headers["Location"] or "/")
    assert get(address)[0] == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", b"403"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://[\r\n\r\n", b"403"),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: =;;\xff\r\n\r\n", b"200"),
        (b"GET /a/ HTTP/1.1\r\nHost: localhost:1';script-src\r\n\r\n", b"400"),
        (b"GET /a/ HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1_000_000, b"400"),
        (b"GET /" + b"a" * 1_000_000, b"400"),
        (b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\nx", b"405"),
        (b"\x16\x03\x01\x02\x00\x01", b"400"),
        (b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"403"),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else value,
)
def test_a_strange_request_is_refused(address: str, sent: bytes, status: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port(address)), timeout=60) as connection:
        connection.sendall(sent)
        if sent[:1] == b"\x16":
            connection.sendall(b"\r\n\r\n")
        assert connection.recv(65536).split(b" ")[1] == status
    assert get(address)[0] == 200


def port(address: str) -> int:
    return int(address.rstrip("/").rpartition(":")[2])


def live(address: str) -> ClientConnection:
    return connect(f"{address}a/live".replace("http", "ws"), origin=None, proxy=None)


SHOWN = {"sections": [], "title": "", "shell": "", "styles": {}, "files": {}, "edits": 0}
SAID: list[Any] = [
    b"binary",
    b"\xff" * 10,
    "",
    "no json",
    "Infinity",
    "NaN",
    '{"at": Infinity}',
    '{"at": 1e999}',
    '{"at": -1}',
    '{"at": true}',
    '{"at": ' + "9" * 5000 + "}",
    "[" * 100_000,
    "{}",
    "7",
    '{"record": 7}',
    '{"record": "' + "x" * 100_000 + '"}',
    '{"record": "../../x\\u0000\\ud800"}',
    json.dumps({**SHOWN, "sections": [[1]]}),
    json.dumps({**SHOWN, "sections": 7, "key": ["x"]}),
    json.dumps({**SHOWN, "edits": "x", "styles": [], "key": "../../x"}),
    json.dumps({**SHOWN, "files": {"a": {"b": 1}}, "sections": [["a", "b", 1]] * 1000}),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: repr(said)[:30])
@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_nonsense_over_the_websocket_ends_it_at_most(address: str, said: Any, first: bool) -> None:
    with live(address) as socket:
        if not first:
            socket.send(json.dumps(SHOWN))
        try:
            socket.send(said)
            socket.recv(timeout=0.05)
        except (ConnectionClosed, TimeoutError):
            pass
    with live(address) as socket:
        socket.send(json.dumps(SHOWN))
        assert "About a" in socket.recv(timeout=60)


def test_a_message_without_an_end_is_not_kept(address: str) -> None:
    with live(address) as socket, pytest.raises(ConnectionClosed):
        socket.send("x" * (9 << 20))
        socket.recv(timeout=10)


@pytest.mark.parametrize("origin", ["null", "http://evil.example", "http://127.0.0.1:1", "http://["])
def test_a_websocket_of_another_origin_is_refused(address: str, origin: str) -> None:
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(f"{address}a/live".replace("http", "ws"), additional_headers={"Origin": origin}, proxy=None),
    ):
        pass


def test_a_file_is_served_only_as_what_it_is_shown_as_and_with_the_deck_s_key(address: str) -> None:
    frame = frame_path(address, "/a/")
    status, _, headers = get(address, f"{frame}x.png")
    assert (status, headers["Content-Type"], headers["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    evil = get(address, f"{frame}evil.js")
    assert evil[0] == 404 or evil[2]["Content-Type"] == "application/octet-stream"
    other = frame_path(address, "/b/")
    assert get(address, frame.replace("/a/", "/b/"))[0] == 404
    assert get(address, other.replace("/b/", "/a/"))[0] == 404
    assert get(address, f"{frame[:-3]}xx/")[0] == 404


def test_the_deck_s_page_runs_only_castdeck_s_scripts_and_reaches_nothing(address: str) -> None:
    frame = frame_path(address, "/a/")
    for headers in ({}, {"Sec_Fetch_Dest": "document"}, {"Sec_Fetch_Dest": "iframe", "Sec_Fetch_Site": "cross-site"}):
        policy = dict(
            rule.partition(" ")[::2]
            for rule in get(address, frame, **headers)[2]["Content-Security-Policy"].split("; ")
        )
        assert policy["default-src"] == "'none'"
        assert "connect-src" not in policy
        assert "'self'" not in policy["script-src"]
        assert "'unsafe-inline'" not in policy["script-src"]
        sandboxed = "allow-scripts" in policy.get("sandbox", "") and "allow-same-origin" not in policy["sandbox"]
        assert sandboxed or policy["frame-ancestors"] == "'self'"
    assert "sandbox" in get(address, f"{frame}?receiver", Sec_Fetch_Dest="iframe")[2]["Content-Security-Policy"]


@pytest.mark.timeout(60)
def test_slow_connections_are_closed_and_keep_nobody_out(address: str) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port(address)))) for _ in range(600)]
        for number, one in enumerate(slow):
            try:
                one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: "[: number % 30])
            except OSError:
                continue
        deadline = time.monotonic() + 20
        while True:
            try:
                assert get(address)[0] == 200
                break
            except (OSError, ConnectionError):
                assert time.monotonic() < deadline
                time.sleep(0.2)


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "///evil.example", "\\\\evil.example"])
def test_the_token_s_redirect_stays_on_this_server(path: str) -> None:
    sent: list[Any] = []

    async def ask() -> None:
        scope = {
            "type": "http",
            "path": path,
            "query_string": f"token={TOKEN}&x=1".encode(),
            "headers": [],
            "method": "GET",
        }

        async def send(message: Any) -> None:
            sent.append(message)

        async def nothing() -> Any:
            raise AssertionError

        async def no_app(*_: Any) -> None:
            raise AssertionError

        await Guard(no_app, TOKEN)(scope, nothing, send)

    asyncio.run(ask())
    location = dict(sent[0]["headers"])[b"location"].decode()
    assert sent[0]["status"] == 303
    assert location.startswith("/evil.example")
    assert local_path(path)[:2] != "//"


def test_a_key_opens_one_deck_and_old_ones_are_forgotten() -> None:
    keys = DeckKeys()
    own, other = keys.of("a"), keys.of("b")
    assert keys.opens("a", own) and not keys.opens("b", own) and not keys.opens("a", other)
    assert not keys.opens("nothing", own) and not keys.opens("a", "") and not keys.opens("a", "é" * 24)
    for number in range(100):
        keys.accept("a", f"brought-along-by-page-{number}")
    assert keys.opens("a", own) and keys.opens("a", "brought-along-by-page-99")
    assert not keys.opens("a", "brought-along-by-page-1")
    for wrong in ("", "short", "x" * 100, "../" * 8, "é" * 24):
        keys.accept("a", wrong)
        assert not keys.opens("a", wrong)
    assert keys.open_path(f"/deck/{own}/") and keys.open_path(f"/a/deck/{own}/x.png")
    assert not keys.open_path(f"/a/b/deck/{own}/") and not keys.open_path("/a/deck/") and not keys.open_path("/live")
