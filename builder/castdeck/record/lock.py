"""Ensures that only one castdeck records a deck at a time."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from castdeck.locks import locked
from castdeck.record.store import Recordings


@contextmanager
def only_recorder(folder: Path, cache: Path, waits: Callable[[], None]) -> Iterator[Recordings]:
    """Lock the recordings in `folder` during the block; `waits` is called before waiting.

    Raises RecordingError if the index can't be read.
    """
    locks = cache / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    with locked(locks / f"{name}.lock", waits=waits):
        yield Recordings(folder)
