"""Runs the web server until Ctrl-C: finds a free port, and runs the application in uvicorn."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from castdeck.cancellation import ENDING, Cancelled
from castdeck.errors import WorkspaceError
from castdeck.serve.app import application
from castdeck.serve.connections import Connection
from castdeck.serve.decks import Decks
from castdeck.serve.guard import LOOPBACK, Guard
from castdeck.terminals.proxy import opens_port

PORTS_TO_TRY = 50
MOST_SAID = 8 << 20  # bytes of a WebSocket message


@dataclass(frozen=True)
class Listener:
    """A listening socket, and the URLs to open in a browser, including the `token` if there is one."""

    socket: socket.socket
    addresses: tuple[str, ...]
    token: str = ""


def listen(host: str, port: int, token: str) -> Listener:
    """Listen on `port`, or on the next one that is free. Raises WorkspaceError if none is, or there is no such host."""
    last = ""
    for candidate in range(port, port + (PORTS_TO_TRY if port else 1)):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, candidate))
            found.listen(128)
        except (OSError, OverflowError) as error:
            found.close()
            last = getattr(error, "strerror", None) or str(error)
            continue
        number = found.getsockname()[1]
        query = f"?token={token}" if token else ""
        return Listener(found, tuple(f"http://{name}:{number}/{query}" for name in _names(host)), token)
    raise WorkspaceError(f"can't listen on {host}, port {port}: {last}", hint="choose another --host or --port")


def is_loopback(host: str) -> bool:
    """Whether only this computer can connect to that host."""
    return host in LOOPBACK or host.startswith("127.")


def answer(decks: Decks, only: str | None, listener: Listener, started: Callable[[], None]) -> None:
    """Serve these decks until a signal; then close all connections, and raise Cancelled."""

    def opens(path: str) -> bool:
        return decks.keys.open_path(path) or opens_port(decks.hall, path)

    answer_requests(Guard(application(decks, only, started), listener.token, opens), listener)


def answer_requests(app: ASGIApp, listener: Listener) -> None:
    """Serve an application until a signal; then close all connections, and raise Cancelled."""
    config = uvicorn.Config(
        app,
        http=Connection,
        log_config=None,
        log_level="error",  # no warnings about invalid requests in the author's terminal
        access_log=False,
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=MOST_SAID,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    server = _Server(config)
    server.run(sockets=[listener.socket])
    if server.is_interrupted:
        raise Cancelled


class _Server(uvicorn.Server):
    """Ends at a signal. uvicorn's own server would then raise the signal again."""

    is_interrupted = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal: accept no more requests; after a second signal, drop those that are being answered."""
        self.is_interrupted = True
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Have signals end the server, within the block."""
        before = {number: signal.signal(number, self.handle_exit) for number in ENDING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


@contextmanager
def helper_process() -> Iterator[Executor]:
    """A process for long work. It is started when there is some."""
    with _unheard_signals():  # Python's resource tracker is started here, too
        pool = _Helper(1, get_context("spawn"), _end_with_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


class _Helper(ProcessPoolExecutor):
    """A pool whose process ignores Ctrl-C and other signals that a terminal sends to all of its programs."""

    def submit(self, *arguments: Any, **named: object) -> Future[Any]:
        """Call a function in the process."""
        with _unheard_signals():
            return super().submit(*arguments, **named)


@contextmanager
def _unheard_signals() -> Iterator[None]:
    """Block the signals that end a program, except SIGTERM, in processes that are started within the block."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {*ENDING} - {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    """End when the parent process ends, for whatever reason."""
    parent = parent_process()
    assert parent

    def wait_for_it() -> None:
        wait([parent.sentinel])
        os._exit(0)

    threading.Thread(target=wait_for_it, daemon=True).start()


def _names(host: str) -> list[str]:
    """The host names to put into URLs for a host to listen on."""
    if host == "::" or host == "0.0.0.0":
        return ["127.0.0.1", *_own_addresses()]
    return [f"[{host}]" if ":" in host else host]


def _own_addresses() -> list[str]:
    """This computer's address in its network, if it has one. No packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return [probe.getsockname()[0]]
        except OSError:
            return []
