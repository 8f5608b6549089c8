"""`castdeck serve` as a user starts and ends it, and as other people's pages find it."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Cli

DECK = "# One\n\n![plan](plan.svg)\n\n```bash\necho one\n```\n"
Start = Callable[..., tuple[subprocess.Popen[str], str]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start("deck.md", "--port", "0") gives the running process and its address."""
    (tmp_path / "deck.md").write_text(DECK)
    (tmp_path / "plan.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "secret.txt").write_text("secret")
    running: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "castdeck", "serve", *arguments],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
        )
        running.append(process)
        assert process.stdout
        return process, process.stdout.readline().strip()

    yield run
    for process in running:
        process.kill()
        process.communicate()


def get(address: str, path: str = "/", **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
    """The status, text and headers of an answer; `path` is sent as it is."""
    found = re.match(r"http://([\d.]+):(\d+)", address)
    assert found
    connection = http.client.HTTPConnection(found[1], int(found[2]), timeout=60)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, answer.headers


def frame_path(address: str, path: str = "/") -> str:
    """The path of the frame that the deck is in, on the page at `path`."""
    found = re.search(r'data-address="http://[^/]*([^"]*)"', get(address, path)[1])
    assert found
    return found[1]


def test_ctrl_c_ends_it_and_leaves_no_process(start: Start) -> None:
    process, address = start("deck.md", "--port", "0")
    assert get(address)[0] == 200
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (-signal.SIGINT, "")
    assert err == "Ctrl-C ends the preview.\nThe preview has ended.\n"


def test_a_port_that_is_taken_is_stepped_over(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        _, address = start("deck.md", "--port", str(port))
        assert address.startswith("http://127.0.0.1:")
        assert f":{port}/" not in address
        assert get(address)[0] == 200


def test_an_unknown_deck_or_host_is_a_usage_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(DECK)
    done = cli("serve", "doc.md")
    assert (done.status, done.err) == (2, "error: there is no deck 'doc.md'\n  decks here: none\n")
    done = cli("serve", "deck.md", "--host", "192.0.2.1", "--port", "0")
    assert done.status == 2
    assert done.err.startswith("error: can't listen on 192.0.2.1, port 0: ")
    assert "--host or --port" in done.err


def test_without_a_deck_it_lists_all_and_opens_each(start: Start, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    for name in ("docker", "git"):
        (tmp_path / "slides" / name).mkdir(parents=True)
        (tmp_path / "slides" / name / "deck.md").write_text(f"# About {name}\n")
    _, address = start("--port", "0")
    status, text, _ = get(address)
    assert status == 200
    assert re.findall(r'<a href="(.*?)">(.*?)<small>(.*?)<', text) == [
        ("docker/", "About docker", "docker"),
        ("git/", "About git", "git"),
    ]
    assert "About git" in get(address, "/git/")[1]
    assert "<h1>About git</h1>" in get(address, frame_path(address, "/git/"))[1]
    assert get(address, f"{frame_path(address, '/git/')}lib/reveal.js")[0] == 200
    assert get(address, "/nothing/")[0] == 404
    assert get(address, "/../secret.txt")[0] == 404


OUTSIDE = (
    "/secret.txt",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/lib/../deck.md",
    "/deck.md",
    "/casts/..%2fdeck.cast",
)


def test_only_what_the_deck_shows_is_served(start: Start) -> None:
    _, address = start("deck.md", "--port", "0")
    frame = frame_path(address).rstrip("/")
    assert get(address, f"{frame}/plan.svg")[0] == 200
    assert {path: get(address, path)[0] for path in OUTSIDE} == dict.fromkeys(OUTSIDE, 404)
    assert {path: get(address, f"{frame}{path}")[0] for path in OUTSIDE} == dict.fromkeys(OUTSIDE, 404)


def test_other_hosts_and_origins_are_refused(start: Start) -> None:
    _, address = start("deck.md", "--port", "0")
    own = address.removeprefix("http://").rstrip("/")
    assert get(address, Host="evil.example")[0] == 403
    assert get(address, Host=own, Origin="http://evil.example")[0] == 403
    assert get(address, Host=own, Origin=f"http://{own}")[0] == 200
    assert get(address, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="script")[0] == 403
    assert get(address, Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document")[0] == 200
    headers = get(address)[2]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    asked = {**upgrade, "Sec_WebSocket_Version": "13"}
    assert get(address, "/live", Host=own, Origin="http://evil.example", **asked)[0] == 403


def test_other_computers_need_the_token(start: Start) -> None:
    process, address = start("deck.md", "--port", "0", "--host", "0.0.0.0")
    found = re.fullmatch(r"(http://127\.0\.0\.1:\d+/)\?token=([\w-]{20,})", address)
    assert found
    assert get(address)[0] == 403
    assert get(address, "/?token=wrong")[0] == 403
    status, _, headers = get(address, f"/?token={found[2]}")
    assert (status, headers["Location"]) == (303, "/")
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert get(address, Cookie=cookie.split(";")[0])[0] == 200
    process.send_signal(signal.SIGINT)
    assert "Whoever has the token can read the decks" in process.communicate(timeout=60)[1]


def test_open_starts_the_browser_with_the_address(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = tmp_path / "opened"
    os.mkfifo(opened)
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    script.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{script} %s")
    _, address = start("deck.md", "--port", "0", "--open")
    assert opened.read_text().strip() == address
