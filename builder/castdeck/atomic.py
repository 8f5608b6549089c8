"""Atomic writes: a file appears complete or not at all.

A file is written under a random name in the target's folder, flushed to disk and renamed. The name is new (O_EXCL) and
links are not followed (O_NOFOLLOW), so an untrusted folder can't redirect a write to another file. A file left behind
by a killed process has no lock, and is removed by the next process that writes to the folder.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from castdeck import locks
from castdeck.gate import open_folder

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_PART = re.compile(r"\.castdeck-[0-9a-f]{16}\.part")
_swept: set[tuple[int, int]] = set()


def write(path: Path, content: str | bytes, *, mode: int = 0o666, inside: Path | None = None) -> Path:
    """Write `content` to `path`, replacing any existing file; text as UTF-8. `mode` is subject to the umask.

    A link at `path` is replaced, not followed; those above it may not lead out of the real path `inside`. Raises
    OSError, and then leaves an existing file unchanged.
    """
    with writing(path, mode=mode, inside=inside) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


@contextmanager
def writing(path: Path, *, mode: int = 0o666, inside: Path | None = None) -> Iterator[IO[bytes]]:
    """Open a file for writing that becomes `path` if the block ends without an exception."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = open_folder(path.parent, inside)
    part = ""
    try:
        _remove_left(folder)
        part, number = _new_part(folder, mode)
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.rename(part, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        part = ""
    finally:
        if part:
            with suppress(OSError):
                os.unlink(part, dir_fd=folder)
        os.close(folder)


def _new_part(folder: int, mode: int) -> tuple[str, int]:
    """The name and the descriptor of a new file that is locked."""
    while True:
        part = f".castdeck-{secrets.token_hex(8)}.part"
        number = os.open(part, _NEW, mode, dir_fd=folder)
        with suppress(OSError):  # a file system without locks
            locks.take(number)
        if os.fstat(number).st_nlink:  # nobody took it for one that was left, before it was locked
            return part, number
        os.close(number)


def _remove_left(folder: int) -> None:
    """Remove what killed processes were writing into a folder, once a process."""
    status = os.fstat(folder)
    known = (status.st_dev, status.st_ino)
    if known in _swept:
        return
    _swept.add(known)
    for name in filter(_PART.fullmatch, os.listdir(folder)):
        with suppress(OSError):
            part = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
            try:
                locks.take(part, wait=False)
                os.unlink(name, dir_fd=folder)
            finally:
                os.close(part)
