"""Temporary folders in the cache, one per run."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from castdeck.leftovers import in_use, remove_left, removed_afterwards
from castdeck.locks import locked


@contextmanager
def run_folder(cache: Path) -> Iterator[Path]:
    """Create a private folder for one run, after removing those of killed runs."""
    runs = cache / "run"
    runs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with locked(cache / "run.lock"):
            # Those without a lock: the process was killed before it took one.
            remove_left(runs.iterdir(), without_lock=True)
            made = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=runs))
            folder = stack.enter_context(removed_afterwards(made))
            stack.enter_context(in_use(folder))
        yield folder
