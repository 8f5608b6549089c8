"""Where a deck lives: the workspace's folder and castdeck.toml, or the cache for a deck outside any workspace."""

import hashlib
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from castdeck.codes import Code
from castdeck.errors import DeckError, WorkspaceError
from castdeck.suggest import suggest

CONFIG = "castdeck.toml"
_SETTINGS = (
    "default_machine",
    "machine",
    "terminal",
    "timeout",
    "theme",
    "checkpoints",
    "secrets",
    "pace",
    "verify",
    "ignore",
)
DEFAULT_TIMEOUT = 120.0
DEFAULT_COLS, DEFAULT_ROWS = 100, 24


@dataclass(frozen=True)
class Workspace:
    """`root` is None outside any workspace. `settings` is castdeck.toml, whole."""

    root: Path | None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def machines(self) -> Mapping[str, Any]:
        """The `[machine.NAME]` tables."""
        tables: Mapping[str, Any] = self.settings.get("machine", {})
        return tables

    @property
    def cols(self) -> int:
        """How many columns a terminal has that says nothing else."""
        table = self.settings.get("terminal")
        cols = table.get("cols") if isinstance(table, dict) else None
        return cols if isinstance(cols, int) and cols > 0 else DEFAULT_COLS

    @property
    def theme_folders(self) -> tuple[Path, ...]:
        """Where the workspace's own themes are."""
        return (self.root / "themes",) if self.root else ()


@dataclass(frozen=True)
class DeckPlace:
    """A deck's file, its name, and the folder of its recordings."""

    path: Path
    name: str
    recordings: Path


def cache_folder() -> Path:
    """The user's cache folder for castdeck; the environment's CASTDECK_CACHE says another."""
    given = os.environ.get("CASTDECK_CACHE")
    return Path(given).resolve() if given else user_cache_path("castdeck")


def find_workspace(start: Path) -> Workspace:
    """The workspace that holds `start`. Raises WorkspaceError when its castdeck.toml can't be read."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / CONFIG).is_file():
            return Workspace(folder, _read_config(folder / CONFIG))
    return Workspace(None)


def find_deck(named: str, workspace: Workspace, recordings: Path | None = None) -> DeckPlace:
    """The deck that an argument names: a deck of the workspace, or a path to a markdown file or its folder.

    Raises WorkspaceError when there is none, with the names that there are.
    """
    inside = workspace.root / "slides" / named / "deck.md" if workspace.root else None
    path = Path(named)
    if inside and inside.is_file():
        path = inside
    elif path.is_dir() and (path / "deck.md").is_file():
        path = path / "deck.md"
    if not path.is_file():
        known = deck_names(workspace)
        hint = suggest(named, known, f"decks here: {', '.join(known) or 'none'}")
        raise WorkspaceError(f"there is no deck {named!r}", hint=hint)
    return _place(path, find_workspace(path.parent), recordings)


def deck_names(workspace: Workspace) -> list[str]:
    """The names of the workspace's decks, sorted."""
    if not workspace.root:
        return []
    return sorted(path.parent.name for path in (workspace.root / "slides").glob("*/deck.md"))


def include_reader(deck: Path, root: Path | None) -> Callable[[Path], str]:
    """What gives a deck the files that it includes: those of its workspace, or of its own folder outside of any.

    Raises DeckError for all others, and for what can't be read.
    """
    outermost = (root or deck.parent).resolve()
    place = "workspace" if root else "deck's folder"

    def read(path: Path) -> str:
        found = path.resolve()
        if not found.is_relative_to(outermost):
            raise DeckError(f"it lies outside the {place}", path=path)
        if not found.is_file():
            raise DeckError("it does not exist", path=path)
        try:
            return read_text(found)
        except OSError as error:
            raise DeckError(error.strerror or str(error), path=path) from error

    return read


def read_text(path: Path) -> str:
    """A deck's text. Raises DeckError, with the line, for what is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "save the file as UTF-8"
        raise DeckError("not UTF-8 text", path=path, line=line, hint=hint, code=Code.NOT_UTF8) from error


def cached_recordings(path: Path) -> Path:
    """Where the recordings of a markdown file are kept that belongs to no workspace: in the user's cache folder."""
    name = path.resolve().parent.name if path.name == "deck.md" else path.stem
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    return cache_folder() / "recordings" / f"{name}-{digest}"


def _place(path: Path, owner: Workspace, recordings: Path | None) -> DeckPlace:
    name = path.resolve().parent.name if path.name == "deck.md" else path.stem
    if recordings is None and owner.root:
        recordings = owner.root / "recordings" / name
    return DeckPlace(path, name, recordings or cached_recordings(path))


def _read_config(path: Path) -> dict[str, Any]:
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorkspaceError(f"not valid TOML: {error}", path=path) from error
    for name in settings:
        if name not in _SETTINGS:
            raise WorkspaceError(f"unknown setting {name!r}", path=path, hint=suggest(name, _SETTINGS))
    return settings
