"""Decides which files may be read, and which may be published.

A workspace may be untrusted. So a file is only used if it is inside the workspace after links are resolved, is neither
hidden nor castdeck.toml, and is a regular file of reasonable size. Published files also have a known media type:
images, video, audio, fonts, downloads; not pages, scripts or style sheets.
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import BinaryIO

from castdeck.codes import Code
from castdeck.errors import DeckError

MOST_TEXT = 8 << 20
"""Maximum size of a deck, an included file or a style sheet, in bytes."""

MOST_SETTINGS = 256 << 10
"""Maximum size of castdeck.toml and other settings files, in bytes."""

MOST_PUBLISHED = 1 << 30
"""Maximum size of a file copied into a built deck, in bytes."""

MOST_PUBLISHED_TOGETHER = 4 << 30
"""Bytes of all files that are copied into a built deck."""

MEDIA: Mapping[str, str] = MappingProxyType({
    ".png": "image/png", ".apng": "image/apng", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".jfif": "image/jpeg",
    ".gif": "image/gif", ".svg": "image/svg+xml", ".webp": "image/webp", ".avif": "image/avif", ".bmp": "image/bmp",
    ".ico": "image/x-icon", ".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg",
    ".mov": "video/quicktime", ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg",
    ".oga": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".flac": "audio/flac", ".vtt": "text/vtt",
    ".pdf": "application/pdf",
})  # fmt: skip
"""Media types that a page can show, by suffix."""

FONTS: Mapping[str, str] = MappingProxyType(
    {".woff2": "font/woff2", ".woff": "font/woff", ".ttf": "font/ttf", ".otf": "font/otf"}
)

SCRIPTS: Mapping[str, str] = MappingProxyType({".js": "text/javascript", ".mjs": "text/javascript"})
"""What the page of a deck whose folder is trusted may run, by suffix."""

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".jar", ".iso", ".img", ".qcow2", ".ova")
_DOCUMENTS = (
    ".docx",
    ".xlsx",
    ".pptx",
    ".odt",
    ".ods",
    ".odp",
    ".epub",
    ".ipynb",
    ".pcap",
    ".pcapng",
    ".sqlite",
    ".db",
)
_TEXTS = (
    "", ".txt", ".md", ".rst", ".adoc", ".csv", ".tsv", ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf",
    ".sh", ".bash", ".py", ".rb", ".pl", ".go", ".rs", ".c", ".h", ".cpp", ".hpp", ".java", ".kt", ".sql", ".tf",
    ".tex", ".bib", ".diff", ".patch", ".log", ".cast", ".service", ".dockerfile", ".ps1", ".lua", ".r", ".jl",
)  # fmt: skip
DOWNLOADS: Mapping[str, str] = MappingProxyType(
    {
        **MEDIA,
        **dict.fromkeys((*_ARCHIVES, *_DOCUMENTS), "application/octet-stream"),
        **dict.fromkeys(_TEXTS, "text/plain"),
    }
)
"""Media types that a link can offer, by suffix. All text is served as plain text."""

CONFIG = "castdeck.toml"
_O_SEARCH = getattr(os, "O_PATH", os.O_RDONLY)


class Refused(Exception):
    """A file may not be used. The message continues a sentence that begins with its name."""


@dataclass(frozen=True)
class Gate:
    """Allows files in `folder` to be read; `called` is its name in messages."""

    folder: Path
    called: str = "the workspace"

    def find(self, path: Path, *, private: bool = False) -> Path:
        """The real path of a readable file. Raises Refused.

        `private` also allows hidden files and castdeck.toml, for castdeck's own use.
        """
        try:
            found = path.resolve()
            inside = found.relative_to(self.folder.resolve())
        except ValueError as error:  # a NUL, or elsewhere
            raise Refused(f"lies outside {self.called}") from error
        except (OSError, RuntimeError) as error:  # a name too long, or links in a circle
            raise Refused("does not exist") from error
        if not private:
            _check_name(inside)
        try:
            _check_kind(found.stat(), MOST_PUBLISHED)
        except OSError as error:
            raise Refused("does not exist" if isinstance(error, FileNotFoundError) else _reason(error)) from error
        return found

    def open(self, path: Path, *, most: int = MOST_TEXT, private: bool = False) -> BinaryIO:
        """Open a file of at most `most` bytes to read it. Raises Refused."""
        file = open_real(self.find(path, private=private))
        try:
            _check_kind(os.fstat(file.fileno()), most)
        except Refused:
            file.close()
            raise
        return file

    def read_bytes(self, path: Path, *, most: int = MOST_TEXT, private: bool = False) -> bytes:
        """The content of a file. Raises Refused."""
        with self.open(path, most=most, private=private) as file:
            try:
                data = file.read(most + 1)
            except OSError as error:
                raise Refused(_reason(error)) from error
        if len(data) > most:
            raise Refused(_too_large(most))
        return data

    def read_text(self, path: Path, *, most: int = MOST_TEXT, private: bool = False) -> str:
        """The content of a text file. Raises Refused, or DeckError, with the line, if it is not UTF-8."""
        data = self.read_bytes(path, most=most, private=private)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise DeckError(
                "not UTF-8 text", path=path, line=line, hint="save the file as UTF-8", code=Code.NOT_UTF8
            ) from error


def published(found: Path, types: Mapping[str, str] = MEDIA) -> Path:
    """Return the file if it has one of the media types. Raises Refused."""
    if media_type(found, types) is None:
        raise Refused(f"is of a kind that is not published ({found.suffix or 'no suffix'})")
    return found


def media_type(path: PurePath, types: Mapping[str, str] = DOWNLOADS) -> str | None:
    """The media type to serve a file as; None if it is not published."""
    return types.get(path.suffix.lower())


def open_real(path: Path) -> BinaryIO:
    """Open a regular file, refusing a path that contains a link at the time of opening. Raises Refused."""
    above = os.open(path.anchor, _O_SEARCH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in path.parts[1:-1]:
            below = os.open(part, _O_SEARCH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=above)
            os.close(above)
            above = below
        found = os.open(path.name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=above)
    except OSError as error:
        raise Refused(_reason(error)) from error
    finally:
        os.close(above)
    file = os.fdopen(found, "rb")
    if not stat.S_ISREG(os.fstat(found).st_mode):
        file.close()
        raise Refused("is no regular file")
    return file


def open_folder(folder: Path, inside: Path | None = None) -> int:
    """A descriptor of a folder that really is in `inside` (a real path), whatever links led there. Raises OSError."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    if inside is None:
        return number
    try:
        where = _named(number).readlink()
    except OSError:  # a system without /proc
        where = folder.resolve()
    if not where.is_relative_to(inside):
        os.close(number)
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    return number


@contextmanager
def held(folder: Path, inside: Path | None = None) -> Iterator[Path]:
    """A name of a folder that stays its own when something else takes its place, where the system has such names."""
    number = open_folder(folder, inside)
    name = _named(number)
    try:
        yield name if name.exists() else folder
    except OSError as error:
        if isinstance(error.filename, str) and Path(error.filename).is_relative_to(name):
            error.filename = str(folder / Path(error.filename).relative_to(name))
        raise
    finally:
        os.close(number)


def _named(descriptor: int) -> Path:
    return Path(f"/proc/self/fd/{descriptor}")


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a path is inside a folder after links are resolved; neither has to exist."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _check_name(inside: Path) -> None:
    if any(part.startswith(".") for part in inside.parts):
        raise Refused("is hidden, and may hold secrets")
    if inside.name.casefold() == CONFIG:
        raise Refused("holds settings, and may hold secrets")


def _check_kind(status: os.stat_result, most: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refused("is no regular file")
    if status.st_size > most:
        raise Refused(_too_large(most))


def _too_large(most: int) -> str:
    return f"is larger than {most >> 20} MiB" if most >= 1 << 20 else f"is larger than {most >> 10} KiB"


def _reason(error: OSError) -> str:
    return f"can't be read: {error.strerror or error}"
