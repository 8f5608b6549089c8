"""A program on a terminal that castdeck holds: what a machine that is no virtual one shows and takes."""

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
    """Undo what Python ignores, and programs would inherit: `yes | head` is to end without a word."""
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


class TerminalProcess:
    """A program that runs on a pseudoterminal of its own, and ends with it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], keep: tuple[int, ...] = ()) -> None:
        """Start the program; of castdeck's descriptors it gets only those in `keep`."""
        self._process = PtyProcess.spawn(
            list(command), env=dict(environment), dimensions=(24, 100), pass_fds=keep, preexec_fn=_heed_signals
        )
        self._turn = threading.RLock()
        self._process.delayafterclose = self._process.delayafterterminate = _POLL

    @property
    def descriptor(self) -> int:
        """The terminal's other side."""
        return int(self._process.fd)

    @property
    def pid(self) -> int:
        """The program's process number."""
        return int(self._process.pid)

    def resize(self, cols: int, rows: int) -> None:
        """Give the terminal a size."""
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
        """End the program at once, from any thread, unless it was waited for: its number may be another's by now."""
        with self._turn:
            if self._is_alive():
                os.kill(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the program and close the terminal. Calling it again does nothing."""
        if not self._process.closed:
            self.kill()
            while self._is_alive():
                time.sleep(_POLL)
            self._process.close()

    def _is_alive(self) -> bool:
        """Whether the program runs; once it has ended, its number is given back to the system."""
        with self._turn:
            try:
                return bool(self._process.isalive())
            except PtyProcessError:  # somebody else has waited for it
                return False


class OnTerminal:
    """What a machine is and does that is one program on a terminal, and ends with it."""

    _shell: TerminalProcess

    @property
    def terminal(self) -> int:
        """The descriptor of the program's terminal."""
        return self._shell.descriptor

    def resize(self, cols: int, rows: int) -> None:
        """Give the terminal a size in columns and rows."""
        self._shell.resize(cols, rows)

    def is_lost(self) -> bool:
        """Whether the program has ended, or does so within a second."""
        return self._shell.has_ended()

    def kill(self) -> None:
        """End the program at once, and so all that runs on its terminal."""
        self._shell.kill()
