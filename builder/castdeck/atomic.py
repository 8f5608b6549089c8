"""Files that appear whole or not at all.

A file is written under a random name in its target's folder, flushed to the disk and renamed. The name is new (O_EXCL)
and no link is followed (O_NOFOLLOW), so nothing that lies in a stranger's folder decides what is overwritten.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def write(path: Path, content: str | bytes, *, mode: int = 0o666) -> Path:
    """Put `content` at `path` in place of what is there; text as UTF-8. `mode` is subject to the umask.

    A link at `path` is replaced, not followed. Raises OSError, and leaves what was there as it was.
    """
    with writing(path, mode=mode) as file:
        file.write(content.encode() if isinstance(content, str) else content)
    return path


@contextmanager
def writing(path: Path, *, mode: int = 0o666) -> Iterator[IO[bytes]]:
    """A file to write to, which becomes `path` when the block ends without an exception."""
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    part = f".castdeck-{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(os.open(part, _NEW, mode, dir_fd=folder), "wb") as file:
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
