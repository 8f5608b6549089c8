"""Web pages of a live terminal's machine, through castdeck: those of its own ports, and nothing else."""

from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castdeck.terminals.ports import listening
from tests.cli.test_serve import get
from tests.terminals.preview import Page, Preview, preview

pytestmark = pytest.mark.timeout(180)
_SERVER = """
import http.server as h
class Answer(h.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.answer((self.path + " " + self.headers.get("cookie", "no cookie")).encode())
    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["content-length"]))[::-1])
    def answer(self, body):
        self.send_response(302 if self.path == "/moved" else 200)
        for name, value in {
            "Set-Cookie": "castdeck=evil",
            "Content-Type": "text/plain; charset=utf-8",
            "Refresh": "0;url=http://evil.example",
            "Location": "/there",
            "Content-Security-Policy": "sandbox allow-same-origin",
            "Access-Control-Allow-Credentials": "true",
            "Content-Length": str(len(body)),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
h.ThreadingHTTPServer(("", 8080), Answer).serve_forever()
"""
_NONSENSE = r"""
import socket, threading
def serve(port, said):
    listener = socket.create_server(("", port))
    while True:
        client, _ = listener.accept()
        client.recv(65536)
        try:
            client.sendall(said)
        except OSError:
            pass
        client.close()
threading.Thread(target=serve, args=(8081, b"SSH-2.0-nothing\r\n")).start()
serve(8082, b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + b"y" * 12_000_000)
"""
_TABLE = """  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1
   1: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:9C40 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 3
   3: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0 0 0 4
   4: 0100007F:A4F1 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 5
"""


def test_only_what_listens_is_a_port_and_the_machines_own_services_are_none() -> None:
    assert listening(_TABLE) == (80, 8080)
    assert listening(_TABLE.replace("0100007F:1388", "00000000:1388")) == (80, 5000, 8080)


@given(st.text(max_size=300) | st.from_regex(r"(?: *\d+: [0-9A-F]{8}:[0-9A-F]{4} 0:0000 0A 0:0 0:0 0 1 .*\n){,40}"))
def test_whatever_the_machine_says_there_are_only_so_many_ports(said: str) -> None:
    found = listening(said)
    assert len(found) <= 12 and all(0 < port < 65536 for port in found)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    with preview(tmp_path_factory.mktemp("ports")) as found:
        yield found


def _ports(live: Page) -> tuple[str, list[int]]:
    live.say(b"d", {"do": "ports"})
    answer = live.answer()
    return f"/{answer['at']}", answer["ports"]


def _serves(live: Page, program: str, *ports: int) -> str:
    """Have the machine serve on those ports; the address below which they are."""
    live.asked(f"echo {b64encode(program.encode()).decode()} | base64 -d >serve.py")
    live.asked("python3 serve.py >/dev/null 2>&1 &")
    live.until(lambda: _ports(live)[1] == [*ports])
    return _ports(live)[0]


def _post(address: str, path: str, body: bytes) -> tuple[int, bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=60)
    connection.request("POST", path, body, {"Content-Type": "text/plain"})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_a_port_of_the_machine_is_a_page_that_reaches_nothing_else(served: Preview) -> None:
    with served.terminal("one-1") as live:
        assert _ports(live)[1] == []
        at = f"{_serves(live, _SERVER, 8080)}8080"
        status, body, headers = get(served.address, f"{at}/a%20b/%2e?c=%22d", Cookie="castdeck=secret")
        assert (status, body) == (200, "/a%20b/%2e?c=%22d no cookie")
        assert (
            headers["content-security-policy"]
            == "sandbox allow-scripts allow-forms allow-modals; frame-ancestors 'self'"
        )
        assert not {"set-cookie", "refresh", "access-control-allow-credentials"} & {name.lower() for name in headers}
        assert _post(served.address, f"{at}/", b"\0live") == (200, b"evil\0")
        assert get(served.address, f"{at}/moved")[2]["location"] == f"{at}/there"


def test_absolute_paths_on_a_page_lead_to_its_own_port(served: Preview) -> None:
    html = """<a href="/on?x=1">a</a> <a href='//other.example/'>b</a> <a href="near">c</a> <img src=/x.png>
<style>p { background: url(/y.png) }</style><form action = "/send"></form> if a</b and c"""
    with served.terminal("one-1") as live:
        live.asked(f"mkdir site; echo {b64encode(html.encode()).decode()} | base64 -d >site/index.html")
        live.asked("python3 -m http.server 8080 --directory site >/dev/null 2>&1 &")
        live.until(lambda: _ports(live)[1] == [8080])
        at = f"{_ports(live)[0]}8080"
        wanted = html
        for old in ("/on", "/x.png", "/y.png", "/send"):
            wanted = wanted.replace(old, f"{at}{old}")
        assert get(served.address, f"{at}/")[1] == wanted


def test_no_other_port_and_no_other_machines_is_reached(served: Preview) -> None:
    with served.terminal("one-1") as live, served.terminal("two-1") as other:
        at = _serves(live, _SERVER, 8080)
        others, none = _ports(other)
        assert none == [] and others != at
        key = at.split("/")[2]
        for path in (
            f"{others}8080/",
            f"{at}22/",
            f"{at}0/",
            f"{at}99999/",
            f"{at}-1/",
            f"/port/{'x' * 24}/8080/",
            f"/port/{key}x/8080/",
            f"/port/{key.swapcase()}/8080/",
            "/port//8080/",
        ):
            assert get(served.address, path)[0] in (403, 404), path
        for path in (
            "8080/../../../",
            "8080/%2e%2e/%2e%2e/%2e%2e/terminal/xterm.js",
            "8080//evil.example/",
            "8080/..\\",
        ):
            status, body, headers = get(served.address, f"{at}{path}")
            assert status == 400 or body.endswith(" no cookie"), path
            assert status == 400 or headers["content-security-policy"].startswith("sandbox "), path
        assert get(served.address, f"{at}8080/", Host="evil.example")[0] == 403
        live.say(b"d", {"do": "end"})
        live.state("ended")
        assert get(served.address, f"{at}8080/")[0] in (403, 404)


def test_what_is_no_web_page_or_too_much_is_told_and_stops_nothing(served: Preview) -> None:
    with served.terminal("one-1") as live, served.terminal("two-1") as other:
        at = _serves(live, _NONSENSE, 8081, 8082)
        assert get(served.address, f"{at}8081/")[0] == 502
        assert get(served.address, f"{at}8082/")[0] == 502
        assert _post(served.address, f"{at}8081/", b"x" * (2 << 20))[0] == 413
        assert other.asked("echo fine") == "fine\r\n"
        assert live.asked("echo fine") == "fine\r\n"
