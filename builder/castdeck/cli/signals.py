"""Ctrl-C and the other signals that end a program: what runs is cancelled and cleaned up, then the process dies of it.

A thread hears of a signal at once, also while the main thread is in a long call, and cancels what runs. The main thread
raises Cancelled as soon as it can. Where neither has ended the program after GRACE seconds, it ends all the same.
"""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from castdeck.cancellation import ENDING, Cancellation, Cancelled

GRACE = 1.5  # seconds to end and clean up after the first signal
_GRACE_AFTER_TWO = 0.5

Handler = Callable[[int, FrameType | None], object] | int | None


class Signals:
    """The signals that this process has heard of; `number` is the first of them, 0 before it."""

    def __init__(self, cancellation: Cancellation, last_resort: Callable[[], None]) -> None:
        self.number = 0
        self._has_raised = False
        self._cancellation, self._last_resort = cancellation, last_resort
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)
        self._hurry, self._over = threading.Event(), threading.Event()
        self._listener = threading.Thread(target=self._listen, name="castdeck-signals", daemon=True)

    def heed(self) -> dict[int, Handler]:
        """Begin to listen; gives the handlers before. Signals that are ignored, by nohup or a shell's &, stay so."""
        heeded = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
        before: dict[int, Handler] = {number: signal.signal(number, self._interrupt) for number in heeded}
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._listener.start()
        return before

    def release(self, before: dict[int, Handler]) -> None:
        """Listen no more; the process has ended what it was doing."""
        self._over.set()
        signal.set_wakeup_fd(-1)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.write(self._writer, b"\0")
        self._listener.join()
        os.close(self._reader)
        os.close(self._writer)

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        """In the main thread. Only the first signal raises: those after it find the cleaning under way."""
        if not self._has_raised:
            self._has_raised = True
            self.number = self.number or number
            raise Cancelled

    def _listen(self) -> None:
        while number := os.read(self._reader, 1)[0]:
            if number not in ENDING:
                continue
            if self.number and self._cancellation.is_cancelled:
                self._hurry.set()
            else:
                self.number = self.number or number
                threading.Thread(target=self._end_in_time, args=(number,), daemon=True).start()
            self._cancellation.cancel()

    def _end_in_time(self, number: int) -> None:
        """Wait until all is cleaned up; when that takes too long, end without it."""
        if self._hurry.wait(GRACE):
            self._over.wait(_GRACE_AFTER_TWO)
        if not self._over.is_set():
            self._last_resort()
            ctypes.pythonapi.PyOS_setsig(number, signal.SIG_DFL)  # signal.signal is only for the main thread
            os.kill(os.getpid(), number)


@contextmanager
def heeded(cancellation: Cancellation, last_resort: Callable[[], None]) -> Iterator[Signals]:
    """Within the block a signal cancels; `last_resort` cleans up, from another thread, what the block could not."""
    signals = Signals(cancellation, last_resort)
    before = signals.heed()
    try:
        yield signals
    finally:
        signals.release(before)


def die_of(number: int) -> None:
    """End as the signal would have ended this process, so that a shell or make sees an interrupt."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
