"""Joins the port that castdeck's terminal comes through to a terminal in the guest, whose shells `login` starts.

What socat does in the machines that castdeck makes of packages; an image may lack it, but has Python.

Installed in the guest as it stands: Python's standard library only, from Python 3.7 on.
"""

from __future__ import annotations

import os
import pty
import select
import signal
import time

PORT = "/dev/virtio-ports/castdeck.terminal"
LOGIN = "/usr/lib/castdeck/login"
_CHUNK = 65536
_AGAIN = 0.1  # seconds until a port that has nobody at its other end is looked at again


class Way:
    """What goes from one descriptor to another; no more is read than what the other side takes."""

    def __init__(self, source: int, target: int) -> None:
        self.source, self.target = source, target
        self.waiting = b""

    def read(self) -> None:
        """Gather what is there. Raises OSError once the other side is gone."""
        parts, size = [], 0
        try:
            while size < _CHUNK:
                data = os.read(self.source, _CHUNK - size)
                if not data:
                    break
                parts.append(data)
                size += len(data)
        except BlockingIOError:
            pass
        except OSError:
            if not parts:
                raise
        self.waiting = b"".join(parts)

    def write(self) -> None:
        """Pass on as much as is taken."""
        try:
            while self.waiting:
                self.waiting = self.waiting[os.write(self.target, self.waiting) :]
        except BlockingIOError:
            pass


def carry(terminal: int, port: int) -> None:
    """Carry bytes both ways, until nobody has the terminal open any more."""
    shown, typed = Way(terminal, port), Way(port, terminal)
    poll = select.poll()
    while True:
        for way, back in ((shown, typed), (typed, shown)):
            wanted = (0 if way.waiting else select.POLLIN) | (select.POLLOUT if back.waiting else 0)
            poll.register(way.source, wanted)
        events = dict(poll.poll())
        for way in (shown, typed):
            if events.get(way.source, 0) & select.POLLIN:
                way.read()
            way.write()
        if events.get(port, 0) & select.POLLHUP:
            time.sleep(_AGAIN)
        if events.get(terminal, 0) & select.POLLHUP and not events[terminal] & select.POLLIN:
            return


def serve(port: int) -> None:
    """Start the shells on a new terminal, and carry what they show and what is typed; `port` must not block."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    number, terminal = pty.fork()
    if number == 0:
        os.execv(LOGIN, [LOGIN])
    os.set_blocking(terminal, False)
    carry(terminal, port)


if __name__ == "__main__":
    serve(os.open(PORT, os.O_RDWR | os.O_NONBLOCK))
