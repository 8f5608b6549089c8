"""Cancels running work: after Ctrl-C, or when its result is no longer needed.

One `Cancellation` is passed to everything that waits. It is checked between steps (`check`), replaces sleep (`wait`),
and ends processes or sockets that something waits for (`ending`):

    process = subprocess.Popen(...)
    with cancellation.ending(process.kill):
        process.wait()
    cancellation.check()
"""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

ENDING: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)
"""The signals that end a program."""

if sys.platform != "win32":
    ENDING += (signal.SIGHUP, signal.SIGQUIT)


class Cancelled(KeyboardInterrupt):
    """What was running has been cancelled.

    A KeyboardInterrupt like that of Ctrl-C, not an Exception, so that error handling does not catch it.
    """


class Cancellation:
    """A cancellation token. Once cancelled, it stays cancelled. Thread-safe."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._ends: dict[object, Callable[[], object]] = {}

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been cancelled."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Make `check` and `wait` raise from now on, and call what was registered with `ending`.

        A second call repeats that for what is still registered.
        """
        with self._lock:
            self._cancelled.set()
            ends = list(self._ends.values())
        for end in ends:
            _end(end)

    def check(self) -> None:
        """Raise Cancelled if it has been cancelled."""
        if self._cancelled.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Sleep for that many seconds; raise Cancelled as soon as it is cancelled."""
        self._cancelled.wait(seconds)
        self.check()

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """During the block, `cancel` calls `end` in the thread that cancels; immediately if already cancelled.

        `end` must not block, and may be called twice. This raises nothing itself: call `check` afterwards.
        """
        token = object()
        with self._lock:
            self._ends[token] = end
        try:
            if self.is_cancelled:
                _end(end)
            yield
        finally:
            with self._lock:
                del self._ends[token]

    @contextmanager
    def child(self) -> Iterator["Cancellation"]:
        """A child token: cancelled together with this one, or on its own."""
        child = Cancellation()
        with self.ending(child.cancel):
            yield child


def _end(end: Callable[[], object]) -> None:
    """Call `end`, ignoring that the process or socket may already be gone."""
    with suppress(OSError, ValueError):
        end()
