"""Markdown files of any kind, for commands that need no slides: a README, a folder of docs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from castdeck.cli.record import chosen_decks, in_languages
from castdeck.deck import Deck
from castdeck.record.store import INDEX
from castdeck.workspace import DeckPlace, cached_recordings, deck_names, find_deck, find_workspace, language_in

_MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".qmd", ".rmd"})
_NOT_DOCUMENTS = frozenset({"node_modules", "vendor", "public"})


def chosen_documents(named: Sequence[str], recordings: Path | None = None) -> list[DeckPlace]:
    """The decks, markdown files and folders that the arguments name, all decks of the workspace without any.

    A folder that is no deck's stands for the markdown files in it and below. The name of such a file is its path, so
    that two README.md don't meet. Raises WorkspaceError.
    """
    folders = [name for name in named if _is_folder(name)]
    if not folders and (recordings or not named):
        return chosen_decks(tuple(named), recordings)
    workspace = find_workspace(Path.cwd())
    known = set(deck_names(workspace))
    named = [one for name in named for one in in_languages(name, known)]
    found: dict[Path, DeckPlace] = {}
    taken: set[Path] = set()
    for name in named:
        for path in _markdown_files(Path(name)) if name in folders else [name]:
            place = find_deck(str(path), workspace)
            if name not in known and language_in(place.path.stem)[0] != "deck":
                place = replace(place, name=place.path.as_posix(), is_document=True)
                if not (place.recordings / INDEX).is_file() or place.recordings in taken:
                    place = replace(place, recordings=cached_recordings(place.path))
            taken.add(place.recordings)
            found.setdefault(place.path.resolve(), place)
    return list(found.values())


def on_machine(deck: Deck, machine: str) -> Deck:
    """The deck, to run on the machine of that name; "" leaves it the deck's own."""
    return replace(deck, settings={**deck.settings, "machine": machine}) if machine else deck


def _is_folder(name: str) -> bool:
    path = Path(name)
    return path.is_dir() and not (path / "deck.md").is_file()


def _markdown_files(folder: Path) -> Iterator[Path]:
    """The markdown files below a folder, sorted; nothing hidden, nothing that was installed or built."""
    left = [folder]
    while left:
        path = left.pop()
        if path.is_dir():
            found = sorted(path.iterdir(), reverse=True)
            left += [below for below in found if not _is_left_out(below)]
        elif path.suffix.lower() in _MARKDOWN and path.is_file():
            yield path


def _is_left_out(path: Path) -> bool:
    return path.name.startswith(".") or path.name in _NOT_DOCUMENTS or path.is_symlink()
