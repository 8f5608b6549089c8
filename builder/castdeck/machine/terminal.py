"""Passes a machine's terminal to the recorded program, and takes it back."""

import os
import select
import shlex
import socket
import sys
import time
from contextlib import ExitStack
from types import TracebackType

from castdeck.errors import MachineError
from castdeck.leftovers import temporary_folder
from castdeck.machine.attach import END
from castdeck.marks import READY

_TIMEOUT = 20.0
_PROMPT = READY.encode()
_DRAWN = 0.1  # seconds without output that end a prompt


def wait_for_prompt(terminal: int, timeout: float) -> None:
    """Have the shell print a word, and wait for the prompt after it, so that the shell's start is not recorded.

    An empty line would not be enough: the prompt after it may be the shell's first one. Raises MachineError after
    `timeout` seconds.
    """
    os.write(terminal, b" bind 'set enable-bracketed-paste on'; printf '%s%s\\n' castdeck- ready\r")
    seen, deadline = b"", time.monotonic() + timeout
    while _PROMPT not in seen.partition(b"castdeck-ready")[2]:
        left = deadline - time.monotonic()
        ready = left > 0 and select.select([terminal], [], [], left)[0]
        data = _read(terminal) if ready else b""
        if not data:
            raise MachineError(f"the machine's shell shows no prompt: {seen[-300:].decode(errors='replace')!r}")
        seen += data
    while select.select([terminal], [], [], _DRAWN)[0] and (data := _read(terminal)):
        pass


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


class TerminalHandover:
    """Lends a terminal: run `command` in the recorder, `accept`, and `take_back` when done."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._stack = ExitStack()
        self._address = self._stack.enter_context(temporary_folder()) / "terminal"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self._address))
        self._listener.listen(1)
        self._listener.settimeout(_TIMEOUT)
        self._borrower: socket.socket | None = None

    @property
    def command(self) -> str:
        """The shell command that connects to the terminal."""
        return shlex.join([sys.executable, "-P", "-m", "castdeck.machine.attach", str(self._address)])

    def accept(self) -> None:
        """Pass the terminal to the recorded program, and wait until it is ready. Raises MachineError."""
        try:
            self._borrower, _ = self._listener.accept()
            self._borrower.settimeout(_TIMEOUT)
            socket.send_fds(self._borrower, [b"t"], [self._terminal])
            if self._borrower.recv(1) != b"r":
                raise MachineError("the recorder ended before the recording began")
        except OSError as error:
            raise MachineError(f"the recorder did not accept the machine's terminal ({error})") from error

    def say(self, text: str) -> None:
        """Have the recorded program show a text, after all output so far. Raises MachineError."""
        try:
            if self._borrower:
                self._borrower.sendall(text.encode())
        except OSError as error:
            raise MachineError(f"the recorder is gone ({error})") from error

    def take_back(self) -> None:
        """Take the terminal back, and wait until the recorded program has stopped reading."""
        if self._borrower:
            try:
                self._borrower.sendall(END)
                self._borrower.recv(1)
            except OSError as error:
                raise MachineError(f"the recorder did not return the machine's terminal ({error})") from error

    def __enter__(self) -> "TerminalHandover":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._borrower:
            self._borrower.close()
        self._listener.close()
        self._stack.close()
