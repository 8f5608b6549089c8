"""Folders that do not outlive the process: removed after their block, or all at once when it has to end in a hurry.

A process that is killed leaves its folders. A lock in them says that they are in use, so that the next one can tell:
process numbers say nothing where a folder is shared between containers.
"""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_LOCK = "in-use"
_folders: set[Path] = set()


@contextmanager
def removed_afterwards(folder: Path) -> Iterator[Path]:
    """Within the block there is that folder, if it is made or not; after it there is none."""
    _folders.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _folders.discard(folder)


def remove_all() -> None:
    """Remove all such folders now, from any thread."""
    for folder in list(_folders):
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def in_use(folder: Path) -> Iterator[bool]:
    """Within the block `folder` counts as in use. False where another process removed it just before."""
    if sys.platform == "win32":
        yield True
        return
    try:
        lock = os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield os.fstat(lock).st_nlink > 0
    finally:
        os.close(lock)


def remove_left(folders: Iterable[Path], *, without_lock: bool = False) -> None:
    """Remove those of the folders that are this user's and were in use by a process that has ended.

    `without_lock` removes also those that have no lock.
    """
    if sys.platform == "win32":
        return
    for folder in folders:
        with suppress(OSError), ExitStack() as stack:
            if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
                continue
            try:
                lock = os.open(folder / _LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
                stack.callback(os.close, lock)
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except FileNotFoundError:
                if not without_lock:
                    continue
            shutil.rmtree(folder, ignore_errors=True)
