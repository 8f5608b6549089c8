"""Checksums of local disk images, kept in the cache, so that a disk of gigabytes is not hashed by each command.

A checksum is valid as long as the file's device, inode, size and times are the same. Like git's index, the cache holds
no file that was changed in the last few seconds: a second change might not change its time.
"""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

from castdeck import atomic
from castdeck.workspace import cache_folder

_FOLDER = "checksums"
_SETTLED = 3.0  # seconds: longer than one tick of any usual file system's clock


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        begun = time.time()
        sign = _sign(os.fstat(file.fileno()))
        kept = cache_folder() / _FOLDER / hashlib.sha256(os.fsencode(path)).hexdigest()[:32]
        if found := _read(kept, sign):
            return found
        found = hashlib.file_digest(file, "sha256").hexdigest()
        status = os.fstat(file.fileno())
        if _sign(status) == sign and max(status.st_mtime, status.st_ctime) < begun - _SETTLED:
            with suppress(OSError):
                atomic.write(kept, json.dumps([sign, found]))
        return found


def _sign(status: os.stat_result) -> list[int]:
    return [status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _read(kept: Path, sign: list[int]) -> str:
    """The cached checksum of the file with that signature; "" if there is none."""
    with suppress(OSError, ValueError, TypeError):
        its, found = json.loads(kept.read_text(encoding="utf-8"))
        if its == sign:
            return str(found)
    return ""
