"""Processes for the sessions of a worker, forked from one that has loaded castdeck (forks.py).

The worker itself loads as little of castdeck as it can: others' tasks may run in it.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Any

_LOOK = 0.5  # seconds between looks whether there is still somebody who starts them
_LOST = -signal.SIGKILL


@dataclass
class Process:
    """A session's process, in a group of its own: it reads `stdin` and writes to `stdout`."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    status: int = _LOST
    started: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class Processes:
    """Starts processes and ends them. For any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._server: socket.socket | None = None
        self._all: dict[int, Process] = {}
        self._last = 0

    def load(self) -> None:
        """Have castdeck loaded for those to come; returns at once."""
        with self._lock:
            if not self._server:
                self._start_server()

    def start(self, answer: str, stderr: int) -> Process:
        """A process that writes the answer to a job to a file; what it says of itself goes to a descriptor."""
        (stdin, to_it), (from_it, stdout) = os.pipe(), os.pipe()
        process = Process(os.fdopen(to_it, "wb"), os.fdopen(from_it, "rb"))
        try:
            with self._lock:
                server = self._server or self._start_server()
                self._last += 1
                self._all[self._last] = process
                message = json.dumps({"start": self._last, "answer": answer})
                with suppress(OSError):  # it is gone: so is the process
                    socket.send_fds(server, [f"{message}\n".encode()], [stdin, stdout, stderr])
                while not process.started.wait(_LOOK):
                    if self._server is not server:
                        self._ends(self._last, _LOST)
        finally:
            os.close(stdin)
            os.close(stdout)
        return process

    def kill(self, process: Process) -> None:
        """Have it killed, and return when it is."""
        with self._lock:
            number = next((number for number, one in self._all.items() if one is process), None)
            if number is not None and self._server:
                with suppress(OSError):
                    self._server.sendall(json.dumps({"kill": number}).encode() + b"\n")
        process.ended.wait()

    def close(self) -> None:
        """Start none any more; those that run have their stdin closed by whoever has it."""
        with self._lock:
            if self._server:
                self._server.shutdown(socket.SHUT_RDWR)

    def _start_server(self) -> socket.socket:
        ours, its = socket.socketpair()
        with its:
            command = [sys.executable, "-P", "-m", "castdeck.farm.forks", str(its.fileno())]
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, pass_fds=[its.fileno()], start_new_session=True
            )
        self._server = ours
        threading.Thread(target=self._hear, args=(ours, server), name="castdeck-processes", daemon=True).start()
        return ours

    def _hear(self, ours: socket.socket, server: "subprocess.Popen[bytes]") -> None:
        for told in _messages(ours):
            if "started" in told:
                self._all[told["started"]].started.set()
            else:
                self._ends(told["ended"], told["status"])
        self._server = None
        ours.close()
        server.wait()
        for number in list(self._all):
            self._ends(number, _LOST)

    def _ends(self, number: int, status: int) -> None:
        if process := self._all.pop(number, None):
            process.status = status
            process.started.set()
            process.ended.set()


def _messages(connection: socket.socket) -> Iterator[dict[str, Any]]:
    with suppress(OSError), connection.makefile("rb") as lines:
        yield from map(json.loads, lines)
