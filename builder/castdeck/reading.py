"""Reads decks where they are, with what castdeck.toml says of their blocks.

Every part of castdeck parses a deck through this module (the preview, which parses parts of one, by serve/source.py),
so that a deck has the same blocks everywhere.
"""

from pathlib import Path

from castdeck.deck import Deck, ReadFile, parse_deck
from castdeck.deck.text import DeckText, Remembering
from castdeck.workspace import DeckPlace, Workspace, include_reader, read_deck_text


def deck_at(place: DeckPlace) -> tuple[Deck, DeckText]:
    """The deck at a place, and the text of its file and of those that it includes.

    Raises FileNotFoundError if its file is gone, and DeckError if it can't be read or its front matter is invalid.
    """
    main = read_deck_text(place.path, place.workspace.root)
    read_file = Remembering(include_reader(place.path, place.workspace.root))
    deck = parse_in(place.workspace, place.path, main, read_file)
    return deck, read_file.text(main)


def parse_in(workspace: Workspace, path: Path, text: str, read_file: ReadFile) -> Deck:
    """The deck of a text that has been read from the file `path` of a workspace. Raises DeckError."""
    return parse_deck(text, path, read_file, shell=workspace.config.shell)
