"""What a live terminal has shown, counted in bytes from its beginning: all that is recent, to be shown again."""

import codecs
import re
from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field
from itertools import islice

from castdeck.cast.model import Cast, Event
from castdeck.marks import without_marks

KEPT = 2 << 20  # bytes
_TOGETHER = 0.01  # seconds: what comes sooner after the last part is added to it
_LARGEST = 64 << 10  # bytes of a part
_MODE = re.compile(rb"\x1b\[\?([\d;]{1,20})([hl])")
_KNOWN = frozenset(b"1 6 7 12 25 45 1000 1002 1003 1004 1006 1049 2004".split())
_RESET = b"\x1bc"
_TAIL = 32  # bytes in which a control sequence may have begun


@dataclass
class _Part:
    """What a terminal showed at a time; `begin` counts from the beginning of its output."""

    begin: int
    time: float
    data: bytearray


@dataclass
class Output:
    """A terminal's output, with times. Bytes before `start` are forgotten; the modes that they set are known."""

    start: int = 0
    end: int = 0
    _parts: deque[_Part] = field(default_factory=deque)
    _modes: dict[bytes, bytes] = field(default_factory=dict)  # of what is forgotten
    _cut: bytes = b""

    def add(self, data: bytes, time: float) -> None:
        """The terminal shows something more, at that time in seconds."""
        last = self._parts[-1] if self._parts else None
        if last and time - last.time < _TOGETHER and len(last.data) + len(data) <= _LARGEST:
            last.data += data
        else:
            self._parts.append(_Part(self.end, time, bytearray(data)))
        self.end += len(data)
        while self.end - self.start > KEPT:
            self._forget(bytes(self._parts.popleft().data))

    def since(self, at: int, most: int) -> tuple[int, bytes]:
        """At most so many bytes from `at` on, and where they begin: later, where those are forgotten."""
        begin, found = max(at, self.start), bytearray()
        first = max(0, bisect_right(self._parts, begin, key=lambda part: part.begin) - 1)
        for part in islice(self._parts, first, None):
            found += part.data[max(0, begin - part.begin) :][: most - len(found)]
            if len(found) == most:
                break
        return begin, bytes(found)

    @property
    def beginning(self) -> bytes:
        """What brings a terminal to where what is not forgotten begins."""
        if not self.start:
            return b""
        return _RESET + b"".join(b"\x1b[?" + mode + way for mode, way in self._modes.items())

    def cast(self, cols: int, rows: int) -> Cast:
        """What is not forgotten as a recording, without the shell's marks."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        zero = self._parts[0].time if self._parts else 0.0
        events = [Event(part.time - zero, "o", decoder.decode(part.data)) for part in self._parts]
        return Cast(cols, rows, tuple(event._replace(data=without_marks(event.data)) for event in events))

    def _forget(self, part: bytes) -> None:
        self.start += len(part)
        text = self._cut + part
        for found in _MODE.finditer(text):
            for mode in found[1].split(b";"):
                if mode in _KNOWN:
                    self._modes[mode] = found[2]
        self._cut = text[-_TAIL:]
