"""Locates decks and their files: in a workspace, or, for a deck outside of any, with recordings in the cache."""

import errno
import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from platformdirs import user_cache_path

from castdeck.config import Config, read_config
from castdeck.errors import DeckError, WorkspaceError
from castdeck.gate import CONFIG, Gate, Refused, is_inside
from castdeck.suggest import suggest

DECK = "deck.md"
_LANGUAGE = re.compile(r"(?P<name>.+)\.(?P<language>[a-z]{2}(?:-[A-Z]{2})?)")


@dataclass(frozen=True)
class Workspace:
    """A workspace; `root` is None outside of any. `config` is its castdeck.toml."""

    root: Path | None
    config: Config = Config()

    @property
    def theme_folders(self) -> tuple[Path, ...]:
        """The folders of the workspace's own themes."""
        return (self.root / "themes",) if self.root else ()


@dataclass(frozen=True)
class DeckPlace:
    """A deck's file, name, recordings folder and workspace.

    `is_document`: it is markdown of any kind, without slides.
    """

    path: Path
    name: str
    recordings: Path
    workspace: Workspace = field(default=Workspace(None), hash=False)
    is_document: bool = False


def cache_folder() -> Path:
    """castdeck's cache folder; the environment variable CASTDECK_CACHE overrides it."""
    given = os.environ.get("CASTDECK_CACHE")
    return Path(given).resolve() if given else user_cache_path("castdeck")


def find_workspace(start: Path) -> Workspace:
    """The workspace that contains `start`. Raises WorkspaceError if its castdeck.toml can't be read."""
    for folder in (start.resolve(), *start.resolve().parents):
        if os.path.lexists(folder / CONFIG):
            return Workspace(folder, read_config(folder / CONFIG))
    return Workspace(None)


def find_deck(named: str, workspace: Workspace, recordings: Path | None = None) -> DeckPlace:
    """Find the deck given as an argument: a deck of the workspace, or a path to a markdown file or its folder.

    Raises WorkspaceError, with the known names, if there is none.
    """
    path = Path(named)
    owner = None
    if workspace.root and (known := _workspace_decks(workspace.root).get(named)):
        path, owner = known, workspace
    elif path.is_dir() and (path / DECK).is_file():
        path = path / DECK
    if not path.is_file():
        names = deck_names(workspace)
        hint = suggest(named, names, f"decks here: {', '.join(names) or 'none'}")
        raise WorkspaceError(f"there is no deck {named!r}", hint=hint)
    return _place(path, owner or find_workspace(path.parent), recordings)


def deck_names(workspace: Workspace) -> list[str]:
    """The names of the workspace's decks, sorted."""
    return sorted(_workspace_decks(workspace.root)) if workspace.root else []


def language_in(name: str) -> tuple[str, str]:
    """A deck's name without its language, and the language: ("docker", "fr") of "docker.fr", else ("docker", "")."""
    found = _LANGUAGE.fullmatch(name)
    return (found["name"], found["language"]) if found else (name, "")


def languages(place: DeckPlace) -> dict[str, Path]:
    """The files of a deck and of the same deck in other languages, by name: `deck.fr.md` beside `deck.en.md`.

    Empty where there is only one.
    """
    stem, suffix = language_in(place.path.stem)[0], place.path.suffix
    family = language_in(place.name)[0]
    try:
        files = [path for path in place.path.parent.glob(f"*{suffix}") if language_in(path.stem)[0] == stem]
    except OSError:
        return {}
    top = place.workspace.root or place.path.parent  # nobody has named the others: a link may lead anywhere
    files = [path for path in sorted(files) if path == place.path or (path.is_file() and is_inside(path, top))]
    named = {_with_language(family, language_in(path.stem)[1]): path for path in files}
    return named if len(named) > 1 else {}


def _workspace_decks(root: Path) -> dict[str, Path]:
    """The files of the workspace's decks by name: "docker" for docker/deck.md, "docker.fr" for docker/deck.fr.md."""
    stem = DECK.removesuffix(".md")
    files = [path for path in (root / "slides").glob(f"*/{stem}*.md") if language_in(path.stem)[0] == stem]
    named = {name_of(path): path for path in files if is_name(path.parent.name)}
    return {name: path for name, path in named.items() if path.is_file()}


def name_of(path: Path) -> str:
    """A deck's name: its folder's where it is called deck.md, else its own, with its language."""
    stem, language = language_in(path.stem)
    is_main = f"{stem}{path.suffix}" == DECK
    return _with_language(path.resolve().parent.name if is_main else stem, language)


def _with_language(name: str, language: str) -> str:
    return f"{name}.{language}" if language else name


def include_reader(deck: Path, root: Path | None) -> Callable[[Path], str]:
    """A function that reads included files: from the workspace, or from the deck's folder outside of any.

    Raises DeckError for any other file, and if it can't be read.
    """
    gate = _gate(deck, root)

    def read(path: Path) -> str:
        try:
            return gate.read_text(path)
        except Refused as error:
            raise DeckError(f"it {error}", path=path) from error

    return read


def read_deck_text(deck: Path, root: Path | None) -> str:
    """Read a deck's text; `root` is the folder of its workspace.

    Raises FileNotFoundError if it is gone, and DeckError, with the line if there is one, if it is not text.
    """
    try:
        return _gate(deck, root).read_text(deck)
    except Refused as error:
        if not deck.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(deck)) from error
        raise DeckError(f"the deck's file {error}", path=deck) from error


def is_name(text: str) -> bool:
    """Whether it can be a deck's name: a folder name that is not hidden."""
    return text.isprintable() and not text.startswith(".") and text == text.strip()


def _gate(deck: Path, root: Path | None) -> Gate:
    return Gate(root) if root else Gate(deck.resolve().parent, "the deck's folder")


def cached_recordings(path: Path) -> Path:
    """The folder in the cache for the recordings of a markdown file outside of any workspace."""
    name, language = language_in(name_of(path))
    one = path.resolve().with_name(f"{language_in(path.stem)[0]}{path.suffix}") if language else path.resolve()
    digest = hashlib.sha256(str(one).encode()).hexdigest()[:12]
    return cache_folder() / "recordings" / _with_language(f"{name}-{digest}", language)


def _place(path: Path, owner: Workspace, recordings: Path | None) -> DeckPlace:
    around = _workspace_around(path)
    if around and not is_inside(path, around):
        raise WorkspaceError(f"{path} leads out of its workspace", hint="name the file that it points to")
    name = name_of(path)
    if not is_name(name):
        raise WorkspaceError(f"{name!r} can't be the name of a deck", hint="give its folder another name")
    if recordings is None and owner.root:
        recordings = owner.root / "recordings" / name
        if not is_inside(recordings, owner.root):
            hint = "--recordings DIR says where they are"
            raise WorkspaceError(f"{recordings} leads out of the workspace", hint=hint)
    return DeckPlace(path, name, recordings or cached_recordings(path), owner)


def _workspace_around(path: Path) -> Path | None:
    """The folder of the workspace that a path goes through, even if parts of it are links."""
    folders = Path(os.path.normpath(Path.cwd() / path)).parents
    return next((folder for folder in folders if os.path.lexists(folder / CONFIG)), None)
