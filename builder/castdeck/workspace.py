"""Where a deck lives: the workspace's folder and castdeck.toml, or the cache for a deck outside any workspace."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from castdeck.codes import Code
from castdeck.config import CONFIG, Config, read_config
from castdeck.errors import DeckError, WorkspaceError
from castdeck.suggest import suggest


@dataclass(frozen=True)
class Workspace:
    """`root` is None outside any workspace. `config` is what its castdeck.toml says."""

    root: Path | None
    config: Config = Config()

    @property
    def theme_folders(self) -> tuple[Path, ...]:
        """Where the workspace's own themes are."""
        return (self.root / "themes",) if self.root else ()


@dataclass(frozen=True)
class DeckPlace:
    """A deck's file, its name, the folder of its recordings, and the workspace that it belongs to."""

    path: Path
    name: str
    recordings: Path
    workspace: Workspace = field(default=Workspace(None), hash=False)


def cache_folder() -> Path:
    """The user's cache folder for castdeck; the environment's CASTDECK_CACHE says another."""
    given = os.environ.get("CASTDECK_CACHE")
    return Path(given).resolve() if given else user_cache_path("castdeck")


def find_workspace(start: Path) -> Workspace:
    """The workspace that holds `start`. Raises WorkspaceError when its castdeck.toml can't be read."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / CONFIG).is_file():
            return Workspace(folder, read_config(folder / CONFIG))
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
    owner = workspace if path == inside else find_workspace(path.parent)
    return _place(path, owner, recordings)


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
    return DeckPlace(path, name, recordings or cached_recordings(path), owner)
