"""A log of recording, for troubleshooting."""

import codecs
import platform
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TextIO

from castdeck.marks import without_marks
from castdeck.problems import plain
from castdeck.record.events import (
    BlockBegins,
    BlockDrifts,
    BlockEnds,
    BlockStopped,
    CommandBegins,
    Doing,
    Event,
    Shown,
    Work,
)
from castdeck.record.redact import Redactor, redacted, secret_forms

_KEPT = 20
_MOST_SHOWN = 1 << 18  # bytes of output per command


class Journal:
    """Writes events to `path` with timestamps; values in `hidden` are masked.

    A log that can't be written (the disk is full, say) does not stop recording.
    """

    def __init__(self, path: Path, file: TextIO, hidden: Collection[str]) -> None:
        self.path, self._file, self._forms = path, file, secret_forms(hidden)
        self._lock = Lock()
        self._shown: dict[Work, int] = {}
        self._streams: dict[Work, _Stream] = {}

    def step(self, doing: str) -> None:
        """Log the beginning of something that is not an event."""
        self._line("", doing)

    def tell(self, event: Event) -> None:
        """Log an event."""
        where = f"{event.work.deck}{f' [{event.work.session}]' if event.work.session else ''}"
        if not isinstance(event, Shown) and (rest := self._stream(event.work).flush()):
            self._line(where, f"| {rest!r}")
        match event:
            case Doing():
                self._line(where, event.what)
            case BlockBegins():
                self._line(where, f"{'runs again' if event.replayed else 'records'} {event.block.name}")
            case CommandBegins():
                self._shown[event.work] = 0
                self._line(where, f"line {event.line.line}: {event.line.text}")
            case Shown():
                self._shown[event.work] = shown = self._shown.get(event.work, 0) + len(event.data)
                if shown > _MOST_SHOWN:
                    return
                if text := self._stream(event.work).feed(event.data):
                    self._line(where, f"| {text!r}")
            case BlockEnds():
                came_to = f"failed {event.problem or ''}" if event.failed else f"{event.seconds:.2f} s"
                self._line(where, f"{event.block.name}: {came_to}")
            case BlockDrifts():
                self._line(where, f"{event.block.name}: {event.problem}")
            case BlockStopped():
                self._line(where, f"{event.block.name}: stopped")

    def _stream(self, work: Work) -> "_Stream":
        return self._streams.setdefault(work, _Stream(self._forms))

    def _line(self, where: str, text: str) -> None:
        text = redacted(text, self._forms)
        with self._lock, suppress(OSError):
            self._file.write(f"{time.strftime('%H:%M:%S')} {where} {plain(text)}\n")
            self._file.flush()


class _Stream:
    """The output of one terminal, without marks and secrets."""

    def __init__(self, forms: Collection[str]) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._redactor = Redactor(forms)

    def feed(self, data: bytes) -> str:
        return without_marks(self._redactor.feed(self._decoder.decode(data)))

    def flush(self) -> str:
        return without_marks(self._redactor.flush())


@contextmanager
def journal(cache: Path, hidden: Collection[str] = ()) -> Iterator[Journal]:
    """Create a log in the cache folder, and remove the oldest ones."""
    folder = cache / "logs"
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.log"))[: -_KEPT + 1]:
        old.unlink(missing_ok=True)
    path = folder / f"record-{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() % 1_000_000:06}.log"
    file = path.open("x", encoding="utf-8")
    try:
        path.chmod(0o600)
        file.write(f"{time.strftime('%Y-%m-%d')} Python {platform.python_version()} on {platform.platform()}\n")
        yield Journal(path, file, hidden)
    finally:
        with suppress(OSError):
            file.close()
