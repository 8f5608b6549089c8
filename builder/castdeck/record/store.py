"""A deck's recordings on disk: one cast per block, and index.json with keys and results."""

import hashlib
import json
import os
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import RLock
from typing import Literal

import msgspec

from castdeck import atomic
from castdeck.cast.model import Cast, CastError, format_cast, parse_cast
from castdeck.cast.recording import read_recording
from castdeck.codes import Code
from castdeck.deck.slug import is_id
from castdeck.errors import CastdeckError, DeckError, RecordingError
from castdeck.gate import Gate, Refused

INDEX = "index.json"
MOST_CAST = 64 << 20
MOST_INDEX = 16 << 20
_VERSION = 2
_NO_INDEX = (
    Refused, DeckError, ArithmeticError, ValueError, LookupError, TypeError, AttributeError, RecursionError,
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """The result of one command: its first line, exit status and duration in seconds."""

    command: str
    status: int
    seconds: float


@dataclass(frozen=True)
class Entry:
    """An index entry: the block's key and its own part of it, the machine, tool versions, and results.

    `cast` is the checksum of its cast, "" for a hidden block, which has none; `recorded` is the date in ISO 8601.
    """

    key: str
    own: str
    machine: str
    tools: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[Seen, ...] = ()
    cast: str = ""
    recorded: str = ""

    @property
    def seconds(self) -> float:
        """The duration of the block's commands."""
        return sum(command.seconds for command in self.commands)


class Recordings:
    """The recordings of one deck, in `folder`. Thread-safe. Raises RecordingError for a bad index."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = folder.resolve()
        self._lock = RLock()
        self._entries = _read_index(folder / INDEX)
        self._borrowed: dict[str, tuple[Recordings, str]] = {}
        self._found: dict[str, dict[str, dict[str, None]]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether there are no recordings."""
        return not self._entries

    def cast(self, name: str) -> Cast | None:
        """The recording of the block `name`, fresh or stale; None if there is none that can be shown."""
        if name in self._borrowed:
            other, theirs = self._borrowed[name]
            return other.cast(theirs)
        try:
            cast = read_cast(self.folder, name)
            read_recording(cast)
        except CastError:
            return None
        return cast

    def entry(self, name: str) -> Entry | None:
        """The index entry of the block `name`."""
        if name in self._borrowed:
            other, theirs = self._borrowed[name]
            return other.entry(theirs)
        return self._entries.get(name)

    def holder(self, name: str, key: str, hidden: bool = False) -> str:
        """The name of an intact recording for `key`: `name`, or an earlier one; "" if there is none.

        For a hidden block, which has no cast, the entry is enough.
        """
        names = self._names("key").get(key, {})
        for candidate in (*([name] if name in names else []), *(other for other in names if other != name)):
            if hidden or self.whole_cast(candidate):
                return candidate
        return ""

    def recorded_as(self, name: str, own: str) -> str:
        """The name of a recording of these commands, `name` if possible; "" if there is none."""
        names = self._names("own").get(own, {})
        return name if name in names else next(iter(names), "")

    def _names(self, what: Literal["key", "own"]) -> Mapping[str, Mapping[str, None]]:
        """The names of recordings, in order, by one of their keys. It is asked for with each block."""
        if what not in self._found:
            found: dict[str, dict[str, None]] = {}
            for name, entry in self._entries.items():
                found.setdefault(getattr(entry, what), {})[name] = None
            self._found[what] = found
        return self._found[what]

    def borrow(self, name: str, other: "Recordings", theirs: str) -> None:
        """Show what `other` has recorded as `theirs` for the block `name`, until that is recorded here."""
        self._borrowed[name] = (other, theirs)

    def whole_cast(self, name: str) -> Cast | None:
        """The recording of the block `name`, exactly as recorded; None if it is missing or damaged."""
        cast, entry = self.cast(name), self.entry(name)
        return cast if cast and entry and _checksum(cast) == entry.cast else None

    def keep(self, name: str, entry: Entry, cast: Cast | None) -> None:
        """Store a block's recording (None for a hidden block) and index entry, replacing old ones."""
        with self._lock:
            if cast is not None:
                self._replace(cast_path(self.folder, name), format_cast(replace(cast, title=name)))
            self._entries[name] = replace(entry, cast=_checksum(cast) if cast else "")
            self._borrowed.pop(name, None)
            self._found.clear()
            self._write_index()

    def rename(self, names: Mapping[str, str], used: Collection[str]) -> None:
        """Rename recordings: `names` maps each new name to the current one.

        Old names are removed, except those in `used`, which belong to blocks.
        """
        with self._lock:
            moved = {new: (self._entries[old], self.cast(old)) for new, old in names.items()}
            for new, (entry, cast) in moved.items():
                self.keep(new, entry, cast)
            self.remove(set(names.values()) - set(used))

    def orphans(self, names: Collection[str]) -> tuple[str, ...]:
        """The recordings that belong to none of the blocks `names`, sorted."""
        casts = {path.stem for path in self.folder.glob("*.cast") if is_id(path.stem)}
        return tuple(sorted((casts | set(self._entries)) - set(names)))

    def remove(self, names: Collection[str]) -> None:
        """Remove the recordings `names`."""
        with self._lock:
            for name in names:
                self._entries.pop(name, None)
                cast_path(self.folder, name).unlink(missing_ok=True)
            if names:
                self._found.clear()
                self._write_index()

    def _write_index(self) -> None:
        blocks = {name: asdict(self._entries[name]) for name in sorted(self._entries)}
        text = json.dumps({"version": _VERSION, "blocks": blocks}, indent=1, ensure_ascii=False)
        self._replace(self.folder / INDEX, f"{text}\n")

    def _replace(self, path: Path, text: str) -> None:
        """Write a file where the folder was when it was opened, and nowhere else."""
        try:
            atomic.write(path, text, inside=self._place)
        except OSError as error:
            raise RecordingError(
                f"{path.name} could not be written: {error.strerror}",
                path=path,
                hint="free some space, or make the folder writable",
            ) from error


def cast_path(folder: Path, name: str) -> Path:
    """The path of the recording of the block `name`. Raises RecordingError for an invalid name."""
    if not is_id(name):
        raise RecordingError(f"{name!r} can't be the name of a recording", path=folder)
    return folder / f"{name}.cast"


def read_cast(folder: Path, name: str) -> Cast:
    """Read the recording of the block `name`. Raises CastError if it is missing or can't be shown."""
    try:
        return parse_cast(Gate(folder, "its folder").read_text(cast_path(folder, name), most=MOST_CAST))
    except (Refused, CastdeckError) as error:
        raise CastError(f"the recording {error}") from error


def _checksum(cast: Cast) -> str:
    """The checksum of everything except the title, which is only the cast's name."""
    return hashlib.sha256(format_cast(replace(cast, title="")).encode()).hexdigest()[:16]


class _Versioned(msgspec.Struct):
    version: int


class _Index(msgspec.Struct):
    blocks: dict[str, Entry]


def _read_index(path: Path) -> dict[str, Entry]:
    if not os.path.lexists(path):
        return {}
    try:
        text = Gate(path.parent, "its folder").read_text(path, most=MOST_INDEX)
        version = msgspec.json.decode(text, type=_Versioned).version
        if version > _VERSION:
            hint = "use the castdeck that wrote it, or delete the file to record everything again"
            raise RecordingError(
                f"index of version {version}, this castdeck reads {_VERSION}",
                path=path,
                hint=hint,
                code=Code.INVALID_RECORDINGS,
            )
        if version < _VERSION:
            return {}
        blocks = msgspec.json.decode(text, type=_Index).blocks
        return {_checked(name): entry for name, entry in blocks.items()}
    except _NO_INDEX as error:
        raise RecordingError(
            f"not an index of recordings ({error})",
            path=path,
            hint="restore it from git, or delete it to record again",
            code=Code.INVALID_RECORDINGS,
        ) from error


def _checked(name: str) -> str:
    if not is_id(name):
        raise ValueError(f"{name!r} is not the name of a block")
    return name
