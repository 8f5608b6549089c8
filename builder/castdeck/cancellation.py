"""Tells everything that waits to end: after Ctrl-C, or when what runs is no longer wanted.

One `Cancellation` is handed to all who wait. They look at it between two steps (`check`), sleep with it (`wait`), or,
where they wait for a process or a socket, register how that is ended at once:

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

    It is what Ctrl-C raises, and so no Exception: code that handles errors lets it pass.
    """


class Cancellation:
    """Whether something is to end. Cancelled once, it stays so. All methods may be called from any thread."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()
        self._lock = threading.Lock()
        self._ends: dict[object, Callable[[], object]] = {}

    @property
    def is_cancelled(self) -> bool:
        """Whether it has been cancelled."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Cancel: `check` and `wait` raise from now on, and what was registered with `ending` is ended at once.

        Calling it again ends what is still registered once more.
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
        """Sleep for so many seconds; raise Cancelled at once when it is cancelled meanwhile."""
        self._cancelled.wait(seconds)
        self.check()

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Within the block, `cancel` calls `end`, in the thread that cancels; at once if it is cancelled already.

        `end` must not wait, and may be called twice. Raises nothing by itself: call `check` afterwards.
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
        """A cancellation of a part: cancelled with this one, or alone, which leaves this one as it is."""
        child = Cancellation()
        with self.ending(child.cancel):
            yield child


def _end(end: Callable[[], object]) -> None:
    """What has ended by itself can't be ended any more: a process, a socket."""
    with suppress(OSError, ValueError):
        end()
