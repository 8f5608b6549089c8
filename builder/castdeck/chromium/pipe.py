"""The DevTools protocol over a pair of pipes, which, unlike a port, no other user and no page can connect to.

https://chromedevtools.github.io/devtools-protocol/
"""

import json
import os
import select
import time
from collections.abc import Mapping

from castdeck.errors import CastdeckError

_CHUNK = 1 << 20
_MOST_BYTES = 512 << 20  # bytes of one message; a PDF is a single message
_END = b"\0"


class ChromiumError(CastdeckError):
    """Chromium does not start, or does not answer."""


class Pipe:
    """Sends and receives messages: JSON objects, each followed by a NUL."""

    def __init__(self, sending: int, receiving: int) -> None:
        self._sending, self._receiving = sending, receiving
        self._messages: list[bytes] = []
        self._parts: list[bytes] = []
        self._size = 0

    def send(self, message: Mapping[str, object]) -> None:
        """Send a message. Raises ChromiumError if the browser has ended."""
        data = memoryview(json.dumps(message).encode() + _END)
        try:
            while data:
                data = data[os.write(self._sending, data) :]
        except OSError as error:
            raise ChromiumError("Chromium has ended") from error

    def receive(self, deadline: float) -> dict[str, object]:
        """The next message.

        Raises TimeoutError at `deadline` (of time.monotonic), ChromiumError if the connection is closed.
        """
        while not self._messages:
            if not select.select([self._receiving], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError
            self._take(os.read(self._receiving, _CHUNK))
        message = json.loads(self._messages.pop(0))
        return message if isinstance(message, dict) else {}

    def _take(self, data: bytes) -> None:
        first, *more = data.split(_END)
        self._parts.append(first)
        self._size += len(first)
        if not data or self._size > _MOST_BYTES:
            raise ChromiumError("Chromium has ended")
        for rest in more:
            self._messages.append(b"".join(self._parts))
            self._parts, self._size = [rest], len(rest)
