"""Reads lines from a peer that may be hostile: every wait has a deadline, and the length of lines is limited."""

import select
import socket
import time

_CHUNK = 1 << 16


class GoneError(Exception):
    """The other end is closed."""


class TooLongError(Exception):
    """A line is longer than the limit."""


class Lines:
    """Sends and receives lines over a connected socket; `most` is the maximum length of a received line, in bytes.

    Deadlines are times of time.monotonic. Methods raise TimeoutError at their deadline, and GoneError.
    """

    def __init__(self, connection: socket.socket, most: int) -> None:
        self._socket = connection
        self._socket.setblocking(False)
        self._most = most
        self._buffer = bytearray()
        self._searched = 0  # bytes at the buffer's start without a newline

    def send(self, line: bytes, deadline: float) -> None:
        """Send a line, passed without its newline."""
        data = memoryview(line + b"\n")
        while data:
            self._wait([], [self._socket], deadline)
            try:
                data = data[self._socket.send(data) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise GoneError(str(error)) from error

    def receive(self, deadline: float) -> bytes:
        """The next line, without its newline. Raises TooLongError if it exceeds `most`."""
        while (end := self._buffer.find(b"\n", self._searched)) < 0:
            self._searched = len(self._buffer)
            if self._searched > self._most:
                raise TooLongError
            self._wait([self._socket], [], deadline)
            try:
                data = self._socket.recv(_CHUNK)
            except BlockingIOError:
                continue
            except OSError as error:
                raise GoneError(str(error)) from error
            if not data:
                raise GoneError("it was closed")
            self._buffer += data
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        self._searched = 0
        return line

    def _wait(self, readers: list[socket.socket], writers: list[socket.socket], deadline: float) -> None:
        left = deadline - time.monotonic()
        try:
            ready = select.select(readers, writers, [], max(0.0, left))
        except (OSError, ValueError) as error:
            raise GoneError("it was closed here") from error
        if left <= 0 or not any(ready):
            raise TimeoutError
