"""What a machine's ports say: found out and asked by programs in the machine, which has no network to the outside.

Requests go one by one through the machine's own shell, so a page is shown, and nothing is streamed.
"""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from io import BytesIO

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine

MOST_BODY = 1 << 20
MOST_ANSWER = 8 << 20  # bytes
_SECONDS = 15  # for one answer
_MOST_PORTS = 12
_LISTENS = re.compile(
    r"^ *\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:0000 0A [0-9A-F:]+ [0-9A-F:]+ [0-9A-F]+ +(\d+) ",
    re.MULTILINE,
)
_LIST = "cat /proc/net/tcp /proc/net/tcp6 2>/dev/null"
_LOOPBACK = "0100007F"
_REGISTRY = 5000  # castdeck's own, in machines with Docker
_OF_CHANCE = 32768  # from here on the kernel chooses: root's there on the loopback is a service's, such as containerd's
_TARGET = re.compile(r"/[!-~]*", re.ASCII)
_VALUE = re.compile(r"[\x20-\x7e]*", re.ASCII)
_ASK = """timeout {seconds} bash -c '
exec 3<>/dev/tcp/127.0.0.1/{port} || exit 7
base64 --decode >&3
head --bytes={most} <&3 | base64 --wrap=0
'"""
_STATUSES = frozenset(status for status in HTTPStatus if status >= HTTPStatus.OK)
_PASSED_ON = ("accept", "accept-language", "content-type", "user-agent", "x-requested-with")
_GIVEN_BACK = ("content-type", "content-disposition", "content-language", "etag", "last-modified", "location")


@dataclass(frozen=True)
class Asked:
    """A request of a page: `target` is its path with the query, as it came."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Answered:
    """What a port answered; of the headers, those that can't reach beyond the page."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def listening(listed: str) -> tuple[int, ...]:
    """The TCP ports that something listens on, sorted, by what Linux says in /proc/net/tcp.

    Those of the machine's own services are left out.
    """
    found = {
        int(port, 16) for address, port, user in _LISTENS.findall(listed) if not _is_own(address, int(port, 16), user)
    }
    return tuple(sorted(found - {0})[:_MOST_PORTS])


def _is_own(address: str, port: int, user: str) -> bool:
    return address == _LOOPBACK and (port == _REGISTRY or (port >= _OF_CHANCE and user == "0"))


def open_ports(machine: Machine) -> tuple[int, ...]:
    """The ports of a running machine. Raises MachineError."""
    return listening(machine.run(_LIST))


def ask_port(machine: Machine, port: int, asked: Asked) -> Answered:
    """Have a program in the machine answer. Raises MachineError where nothing does, or nothing that is HTTP."""
    given = base64.b64encode(_request(port, asked)).decode()
    script = _ASK.format(seconds=_SECONDS, port=port, most=MOST_ANSWER)
    said = machine.run(script, stdin=given, timeout=_SECONDS + 5)
    try:
        return _read(base64.b64decode(said.strip(), validate=True), asked.method)
    except (ValueError, HTTPException, OSError) as error:
        raise MachineError(f"port {port} does not answer with a web page") from error


def _request(port: int, asked: Asked) -> bytes:
    if not _TARGET.fullmatch(asked.target) or not asked.method.isalpha():
        raise MachineError("this is not an address")
    passed = [(name, value) for name, value in asked.headers if name in _PASSED_ON and _VALUE.fullmatch(value)]
    lines = [f"{asked.method} {asked.target} HTTP/1.1", f"host: localhost:{port}", "connection: close"]
    lines += ["accept-encoding: identity", *(f"{name}: {value}" for name, value in passed)]
    if asked.body or asked.method not in ("GET", "HEAD"):
        lines.append(f"content-length: {len(asked.body)}")
    return "\r\n".join([*lines, "", ""]).encode() + asked.body


class _Said:
    """Bytes in a socket's place."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, mode: str) -> BytesIO:
        return BytesIO(self._data)


def _read(data: bytes, method: str) -> Answered:
    response = HTTPResponse(_Said(data), method=method)  # type: ignore[arg-type]
    response.begin()
    if response.status not in _STATUSES:
        raise ValueError(response.status)
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    return Answered(response.status, tuple(_kept(headers)), response.read())


def _kept(headers: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, value in headers if name in _GIVEN_BACK and _VALUE.fullmatch(value))
