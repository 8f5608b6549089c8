"""Answers in a guest what castdeck asks of qemu-ga, where an image has Python and no qemu-ga: programs run as root.

It takes qemu-ga's place on its port. Of the protocol it knows what castdeck uses: guest-sync-delimited, guest-exec and
guest-exec-status. https://www.qemu.org/docs/master/interop/qemu-ga-ref.html

Installed in the guest as it stands: Python's standard library only, from Python 3.7 on.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import threading
import time
from typing import Any

PORT = "/dev/virtio-ports/org.qemu.guest_agent.0"
_CHUNK = 65536
_AGAIN = 0.2  # seconds until a port that is not there yet, or that has nobody at its other end, is tried again


class Chore:
    """A program that was started, and what it has printed once it has ended."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        given = base64.b64decode(arguments.get("input-data", ""))
        output = subprocess.PIPE if arguments.get("capture-output") else subprocess.DEVNULL
        self._process = subprocess.Popen(
            [arguments["path"], *arguments.get("arg", [])],
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        self._printed: tuple[bytes | None, bytes | None] = (None, None)
        self._follower = threading.Thread(target=self._follow, args=(given or None,), daemon=True)
        self._follower.start()

    @property
    def number(self) -> int:
        """Its process number."""
        return self._process.pid

    @property
    def status(self) -> dict[str, Any]:
        """As the protocol says it."""
        if self._follower.is_alive():
            return {"exited": False}
        code = self._process.returncode
        status: dict[str, Any] = {"exited": True, **({"signal": -code} if code < 0 else {"exitcode": code})}
        for key, data in zip(("out-data", "err-data"), self._printed):  # noqa: B905 (Python 3.10 has strict)
            if data:
                status[key] = base64.b64encode(data).decode()
        return status

    def _follow(self, given: bytes | None) -> None:
        self._printed = self._process.communicate(given)


def answer(request: dict[str, Any], chores: dict[int, Chore]) -> bytes:
    """The line that answers a request; `chores` are those that were started and not yet asked for."""
    name, arguments = request.get("execute"), request.get("arguments", {})
    if name == "guest-sync-delimited":
        return b"\xff" + _line({"return": arguments["id"]})
    try:
        if name == "guest-exec":
            chore = Chore(arguments)
            chores[chore.number] = chore
            return _line({"return": {"pid": chore.number}})
        if name == "guest-exec-status":
            status = chores[arguments["pid"]].status
            if status["exited"]:
                del chores[arguments["pid"]]
            return _line({"return": status})
    except (OSError, KeyError, ValueError) as error:
        return _line({"error": {"class": "GenericError", "desc": str(error)}})
    return _line({"error": {"class": "CommandNotFound", "desc": f"The command {name} has not been found"}})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _opened(path: str) -> int:
    """The port, once it is there and nobody else holds it."""
    while True:
        try:
            return os.open(path, os.O_RDWR)
        except OSError:
            time.sleep(_AGAIN)


def _write(port: int, data: bytes) -> None:
    while data:
        data = data[os.write(port, data) :]


def serve(port: int) -> None:
    """Answer each line that comes from the port, for ever."""
    chores: dict[int, Chore] = {}
    parts: list[bytes] = []
    while True:
        data = os.read(port, _CHUNK)
        if not data:
            time.sleep(_AGAIN)
        first, *more = data.split(b"\n")
        parts.append(first)
        for rest in more:
            _answer_line(port, b"".join(parts), chores)
            parts = [rest]


def _answer_line(port: int, line: bytes, chores: dict[int, Chore]) -> None:
    try:
        request = json.loads(line.lstrip(b"\xff"))
    except ValueError:
        return
    if isinstance(request, dict):
        _write(port, answer(request, chores))


if __name__ == "__main__":
    serve(_opened(PORT))
