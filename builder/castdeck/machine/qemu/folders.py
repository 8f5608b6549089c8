"""Folders of the cache: those that appear only when they are complete, and those that last as long as a process."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from filelock import FileLock

from castdeck.errors import MachineError
from castdeck.leftovers import removed_afterwards

UNFINISHED = ".part"  # the end of a folder's name while it is made
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


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its name only when all went well."""
    part = target.with_name(f"{target.name}{UNFINISHED}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    part.chmod(0o755)
    with removed_afterwards(part):
        try:
            yield part
            part.rename(target)
        except OSError as error:
            raise MachineError(
                f"the machine could not be written: {error}", hint="make room, or set CASTDECK_CACHE"
            ) from error
