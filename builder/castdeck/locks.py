"""File locks (flock). The kernel releases them when the file is closed, also if the process is killed."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_LOOK = 0.05  # seconds between tries


def take(file: int | IO[bytes], *, shared: bool = False, wait: bool = True) -> None:
    """Lock an open file until it is closed. Raises BlockingIOError if another process has it, and `wait` is false."""
    fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def locked(
    path: Path, *, waits: Callable[[], None] | None = None, pause: Callable[[float], None] = time.sleep
) -> Iterator[None]:
    """Hold the lock file `path` exclusively during the block.

    `waits` is called once if another process has it; `pause` sleeps between tries, and may raise to give up.
    """
    while True:
        try:
            lock = _taken(path)
            break
        except BlockingIOError:
            if waits:
                waits()
            waits = None
            pause(_LOOK)
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def locked_now(path: Path) -> Iterator[None]:
    """Hold the lock file `path` exclusively during the block. Raises BlockingIOError if another process has it."""
    lock = _taken(path)
    try:
        yield
    finally:
        os.close(lock)


def _taken(path: Path) -> int:
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            take(lock, wait=False)
            if os.fstat(lock).st_nlink:  # it was not removed in between
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)
