"""A deck's recordings on disk: one cast a block, and index.json with each cast's key and what was seen.

Nothing good is lost: a file is written beside its target, read back, and renamed over it.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from castdeck.cast.model import Cast, CastError, format_cast, parse_cast
from castdeck.errors import RecordingError

_VERSION = 1


@dataclass(frozen=True)
class Seen:
    """What one command did: its first line, its exit status, how many seconds it ran."""

    command: str
    status: int
    seconds: float


@dataclass(frozen=True)
class Entry:
    """One block in the index."""

    key: str
    machine: str
    commands: tuple[Seen, ...] = field(default_factory=tuple)


class Recordings:
    """The recordings of one deck, in `folder`. Raises RecordingError when its index is not one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._entries = _read_index(folder / "index.json")

    def cast(self, name: str) -> Cast | None:
        """The cast of the block called `name`, whether or not its key still holds; None when there is no good one."""
        try:
            return parse_cast((self.folder / f"{name}.cast").read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, CastError):
            return None

    def is_fresh(self, name: str, key: str, hidden: bool = False) -> bool:
        """Whether the block's recording was made for `key`, and its cast is there and whole."""
        entry = self._entries.get(name)
        return entry is not None and entry.key == key and (hidden or self.cast(name) is not None)

    def keep(self, name: str, entry: Entry, cast: Cast | None) -> None:
        """Put a block's cast (None for a hidden block) and its index entry in place of the old ones."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if cast is not None:
            _replace(self.folder / f"{name}.cast", format_cast(cast))
        self._entries[name] = entry
        index = {"version": _VERSION, "blocks": {name: asdict(self._entries[name]) for name in sorted(self._entries)}}
        _replace(self.folder / "index.json", json.dumps(index, indent=1, ensure_ascii=False) + "\n")


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise RecordingError(
            f"{path.name} could not be written: {error.strerror}", path=path, hint="make room"
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _read_index(path: Path) -> dict[str, Entry]:
    if not path.exists():
        return {}
    try:
        index: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if index["version"] != _VERSION:
            hint = "use the castdeck that wrote it, or delete the file to record everything again"
            raise RecordingError(
                f"index of version {index['version']}, this castdeck reads {_VERSION}", path=path, hint=hint
            )
        return {name: _entry(value) for name, value in index["blocks"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordingError(
            f"not an index of recordings ({error})", path=path, hint="restore it from git, or delete it to record again"
        ) from error


def _entry(value: Mapping[str, Any]) -> Entry:
    commands = tuple(Seen(str(c["command"]), int(c["status"]), float(c["seconds"])) for c in value["commands"])
    return Entry(str(value["key"]), str(value["machine"]), commands)
