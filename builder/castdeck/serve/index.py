"""The page that lists all decks of a workspace."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from castdeck.deck import no_files
from castdeck.errors import CastdeckError
from castdeck.reading import parse_in
from castdeck.workspace import DeckPlace, read_deck_text

_PAGE = Path(__file__).with_name("index.html")
_BEGINNING = 4000  # characters of a deck in which its title is looked for


def index_page(places: Sequence[DeckPlace]) -> str:
    """The page as HTML: each deck's title and name, with a link to NAME/."""
    items = "".join(
        f'<li><a href="{escape(place.name)}/">{escape(_title(place))}<small>{escape(place.name)}</small></a></li>\n'
        for place in places
    )
    empty = "<p>There is no deck here yet: <code>castdeck new NAME</code> makes one.</p>\n"
    return _PAGE.read_text(encoding="utf-8").replace("{{ decks }}", items and f"<ul>\n{items}</ul>\n" or empty)


def _title(place: DeckPlace) -> str:
    """A deck's title, from its first characters; its name if it can't be read."""
    try:
        beginning = read_deck_text(place.path, place.workspace.root)[:_BEGINNING]
        return parse_in(place.workspace, place.path, beginning, no_files).title
    except (CastdeckError, OSError):
        return place.name
