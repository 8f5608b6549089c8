"""Turns an OSError into a problem: file, reason and remedy."""

import errno
import os
import re
from pathlib import Path

from castdeck.codes import Code
from castdeck.problems import Place, Problem

_NO_ROOM = "make room on that disk"
_REMEDIES = {
    errno.ENOENT: "check the path",
    errno.ENOTDIR: "part of the path is a file: choose another path",
    errno.EISDIR: "a folder is in the way: choose another path",
    errno.EEXIST: "something is in the way: choose another path, or remove it",
    errno.ENOTEMPTY: "choose an empty folder",
    errno.EACCES: "choose another path, or have yourself given the permission",
    errno.EPERM: "choose another path, or have yourself given the permission",
    errno.EROFS: "choose a path on a disk that can be written",
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EFBIG: "raise the limit on the size of files: ulimit -f",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ELOOP: "a link leads back to itself: remove it",
    errno.EMFILE: "raise the limit on open files: ulimit -n",
    errno.ENFILE: "close other programs: this computer has too many open files",
    errno.ENOMEM: "close other programs: this computer has too little memory",
    errno.EIO: "the disk may be damaged: look at the system's log",
    errno.ESTALE: "the network drive has lost the file: try again",
    errno.ETXTBSY: "a program that runs is in the way: end it",
    errno.EXDEV: "put both on one disk",
}
# castdeck writes to temporary files with such names; the author only knows the folder.
_TEMPORARY = re.compile(r"\.castdeck-[0-9a-f]+(?:\.part)?")


def fault(error: OSError) -> Problem:
    """The problem for an error of the operating system."""
    reason = os.strerror(error.errno) if error.errno else str(error) or type(error).__name__
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) and error.filename else None
    if path and _TEMPORARY.fullmatch(path.name):
        path = path.parent
    return Problem(Code.FAILED, Place(path), reason[:1].lower() + reason[1:], _REMEDIES.get(error.errno or 0, ""))
