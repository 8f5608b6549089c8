"""Temporary folders in the cache, one per run."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from castdeck.leftovers import own_folder, remove_left
from castdeck.locks import locked


@contextmanager
def run_folder(cache: Path) -> Iterator[Path]:
    """Create a private folder for one run, after removing those of killed runs."""
    runs = cache / "run"
    runs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with locked(cache / "run.lock"):
            # A folder without a lock: its process was killed before it took one.
            remove_left(runs.iterdir(), without_lock=True)
            folder = stack.enter_context(own_folder(runs, f"{os.getpid()}-"))
        yield folder
