"""A program on a pseudoterminal, for machines that are not virtual."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Mapping, Sequence

from ptyprocess import PtyProcess, PtyProcessError

_LAST_BREATH = 1.0
_POLL = 0.02


def _heed_signals() -> None:
    """Restore SIGPIPE, which Python ignores and programs would inherit, so that `yes | head` ends silently."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


class TerminalProcess:
    """A program on its own pseudoterminal, which ends with it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], keep: tuple[int, ...] = ()) -> None:
        """Start the program. It inherits only the descriptors in `keep`."""
        self._process = PtyProcess.spawn(
            list(command), env=dict(environment), dimensions=(24, 100), pass_fds=keep, preexec_fn=_heed_signals
        )
        self._turn = threading.RLock()
        self._process.delayafterclose = self._process.delayafterterminate = _POLL

    @property
    def descriptor(self) -> int:
        """castdeck's side of the terminal."""
        return int(self._process.fd)

    @property
    def pid(self) -> int:
        """The program's process id."""
        return int(self._process.pid)

    def resize(self, cols: int, rows: int) -> None:
        """Set the size of the terminal."""
        with contextlib.suppress(OSError):
            self._process.setwinsize(rows, cols)

    def has_ended(self) -> bool:
        """Whether the program has ended, or does so within a second."""
        deadline = time.monotonic() + _LAST_BREATH
        while self._is_alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(_POLL)
        return True

    def kill(self) -> None:
        """Kill the program, unless it was waited for already: its id may be reused by now. Thread-safe."""
        with self._turn:
            if self._is_alive():
                os.kill(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the program and close the terminal. Idempotent."""
        if not self._process.closed:
            self.kill()
            while self._is_alive():
                time.sleep(_POLL)
            self._process.close()

    def _is_alive(self) -> bool:
        """Whether the program is running; reaps it if it has ended."""
        with self._turn:
            try:
                return bool(self._process.isalive())
            except PtyProcessError:  # someone else has waited for it
                return False


class OnTerminal:
    """Base of machines that are one program on a terminal."""

    _shell: TerminalProcess

    @property
    def terminal(self) -> int:
        """The descriptor of the program's terminal."""
        return self._shell.descriptor

    def resize(self, cols: int, rows: int) -> None:
        """Set the size of the terminal."""
        self._shell.resize(cols, rows)

    def processor_seconds(self) -> float | None:
        """Not known: the processes in it are not castdeck's children."""
        return None

    def is_lost(self) -> bool:
        """Whether the program has ended, or does so within a second."""
        return self._shell.has_ended()

    def kill(self) -> None:
        """Kill the program, and so everything on its terminal."""
        self._shell.kill()
