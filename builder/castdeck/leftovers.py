"""Temporary folders that don't outlive the process: removed at the end of a block, or all at once in a hurry.

A killed process leaves its folders behind. A lock marks a folder as in use, so that the next process can tell; process
ids are useless if the folder is shared between containers.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

from castdeck import locks

_LOCK = "in-use"
_folders: set[Path] = set()


@contextmanager
def removed_afterwards(folder: Path) -> Iterator[Path]:
    """Remove the folder, if it exists, at the end of the block."""
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
def private_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Create a private folder, and remove it at the end of the block: no link in it is followed or changed.

    Its removal is arranged before it exists, so that a signal never finds it without.
    """
    with removed_afterwards(parent / f"{prefix}{secrets.token_hex(8)}") as folder:
        folder.mkdir(0o700)
        yield folder


def temporary_folder(prefix: str = "castdeck-") -> AbstractContextManager[Path]:
    """A private folder for temporary files (`tempfile.TemporaryDirectory` follows links before Python 3.11.8)."""
    return private_folder(Path(tempfile.gettempdir()), prefix)


@contextmanager
def own_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """Create a private folder that is marked as in use, and removed at the end of the block."""
    with ExitStack() as stack:
        while True:
            folder = stack.enter_context(private_folder(parent, prefix))
            if stack.enter_context(_in_use(folder)):
                break
        yield folder


@contextmanager
def _in_use(folder: Path) -> Iterator[bool]:
    """Mark `folder` as in use during the block. Yields False if another process has just removed it."""
    try:
        lock = os.open(folder / _LOCK, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        yield False
        return
    try:
        locks.take(lock)
        yield os.fstat(lock).st_nlink > 0
    finally:
        os.close(lock)


def remove_left(folders: Iterable[Path], *, without_lock: bool = False) -> None:
    """Remove those of the folders whose lock belongs to this user and whose process has ended.

    The folder itself may belong to another user: an emulator's does if castdeck is root. With `without_lock`, also
    those without a lock.
    """
    for folder in folders:
        with suppress(OSError), ExitStack() as stack:
            if folder.is_symlink():
                continue
            try:
                lock = os.open(folder / _LOCK, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
                stack.callback(os.close, lock)
                if os.fstat(lock).st_uid != os.geteuid():
                    continue
                locks.take(lock, wait=False)
            except FileNotFoundError:
                if not without_lock:
                    continue
            shutil.rmtree(folder, ignore_errors=True)
