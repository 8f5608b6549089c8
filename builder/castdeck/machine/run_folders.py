"""Folders of the cache that last as long as one run."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

from castdeck.leftovers import removed_afterwards

_LOCK = "in-use"


@contextmanager
def run_folder(cache: Path) -> Iterator[Path]:
    """A private folder for one run; folders of runs that were killed are removed first.

    Its lock says that it is in use: process numbers say nothing where the cache is shared between containers.
    """
    runs = cache / "run"
    runs.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        with FileLock(cache / "run.lock"):
            _remove_unused(runs)
            made = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=runs))
            folder = stack.enter_context(removed_afterwards(made))
            lock = stack.enter_context((folder / _LOCK).open("ab"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _remove_unused(runs: Path) -> None:
    for left in runs.iterdir():
        try:
            with (left / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError:
            pass  # no lock: whoever made it was killed before it took one
        shutil.rmtree(left, ignore_errors=True)
