"""The last lines of a terminal while a block runs, as plain text for the page."""

import codecs
from collections.abc import Collection, Iterator
from threading import Lock

from castdeck.cast.terminal import VirtualTerminal
from castdeck.record.redact import secret_forms

PROMPT = "$ "
MOST_LINES = 24
MOST_WAITING = 8_192  # bytes between two calls of `look`; only the last ones are kept
_TELLING = 4  # characters: a part of a secret this long is masked too
_DOT = "•"


class Output:
    """The screen of a terminal of `cols` x `rows`. One thread calls `feed`, another one `look`."""

    def __init__(self, cols: int, rows: int, secrets: Collection[str]) -> None:
        self._cols = cols
        self._terminal = VirtualTerminal(cols, rows)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._forms = secret_forms(secrets)
        self._waiting = bytearray(PROMPT.encode())
        self._lock = Lock()

    def feed(self, data: bytes) -> None:
        """Add output. Fast: only `look` interprets it."""
        with self._lock:
            self._waiting += data
            del self._waiting[:-MOST_WAITING]

    def look(self) -> str | None:
        """The lines on the screen, with secrets masked; None if there was no output since the last look."""
        with self._lock:
            data, self._waiting = bytes(self._waiting), bytearray()
        if not data:
            return None
        self._terminal.feed(self._decoder.decode(data))
        text = hidden("".join(self._terminal.lines), self._terminal.cursor, self._forms)
        lines = [text[start : start + self._cols].rstrip() for start in range(0, len(text), self._cols)]
        while len(lines) > 1 and not lines[-1]:
            lines.pop()
        return "\n".join(lines[-MOST_LINES:])


def hidden(screen: str, cursor: int, forms: Collection[str]) -> str:
    """The text of a screen, its lines joined, with dots in place of the `forms` of secrets, and of parts of them.

    Only the end of a secret is visible if it has scrolled out at the top; only its beginning if it is being printed, up
    to the `cursor`.
    """
    for begin, end in [span for form in forms for span in _spans(screen, cursor, form)]:
        screen = screen[:begin] + _DOT * (end - begin) + screen[end:]
    return screen


def _spans(screen: str, cursor: int, form: str) -> Iterator[tuple[int, int]]:
    begin = screen.find(form)
    while begin >= 0:
        yield begin, begin + len(form)
        begin = screen.find(form, begin + 1)
    for length in range(len(form) - 1, _TELLING - 1, -1):
        if screen.startswith(form[-length:]):
            yield 0, length
        if screen.endswith(form[:length], 0, cursor):
            yield cursor - length, cursor
