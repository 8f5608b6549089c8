"""The files of an ssh configuration: the named one, and those it includes.

They are only read here. `ssh -G` is not used, because it runs the commands of `Match exec`.
"""

import hashlib
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

_INCLUDE = re.compile(r"\s*include(?:\s*=\s*|\s+)(.+)", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_MOST_FILES = 64
_MOST_BYTES = 1 << 20


def configuration(path: Path) -> str:
    """Describe the file and those it includes, with a hash of their content."""
    files = _files(path)
    digest = hashlib.sha256()
    for file in files:
        content = _content(file)
        digest.update(content if len(files) == 1 else f"{file}\n{len(content)}\n".encode() + content)
    more = f", which includes {', '.join(map(str, files[1:]))}" if files[1:] else ""
    return f"{path}{more} ({digest.hexdigest()[:12]})"


def _files(path: Path) -> list[Path]:
    """The file and each included one, in the order in which ssh reads them."""
    found: list[Path] = []
    waiting = [path]
    while waiting and len(found) < _MOST_FILES:
        file = waiting.pop(0)
        if file not in found:
            found.append(file)
            waiting = [*_included(_content(file).decode(errors="replace")), *waiting]
    return found


def _included(text: str) -> Iterator[Path]:
    for line in text.splitlines():
        if named := _INCLUDE.fullmatch(line):
            for pattern in _words(named[1]):
                yield from _matching(_VARIABLE.sub(lambda one: os.environ.get(one[1], one[0]), pattern))


def _matching(pattern: str) -> list[Path]:
    """The files that match a pattern; the pattern itself if there are none yet."""
    try:
        there = Path("~/.ssh").expanduser() / Path(pattern).expanduser()  # as ssh does, even with -F
        return sorted(Path(there.anchor).glob(str(there.relative_to(there.anchor)))) or [there]
    except (OSError, ValueError, RuntimeError, NotImplementedError):
        return [Path(pattern)]


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text, comments=True)
    except ValueError:
        return text.split()


def _content(path: Path) -> bytes:
    """The content of a file; empty if it is not a regular file, so that creating it changes the hash."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except (OSError, ValueError):
        return b""
