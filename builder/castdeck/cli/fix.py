"""`castdeck check --fix`: a diff of what is mended in a deck, then the deck mended."""

from difflib import unified_diff
from hashlib import sha1
from itertools import count
from pathlib import Path

import click

from castdeck import atomic
from castdeck.check.fix import fixed
from castdeck.check.rules import text_problems
from castdeck.cli.console import result, say
from castdeck.cli.tty import somebody_answers
from castdeck.deck import Deck
from castdeck.deck.text import Remembering
from castdeck.reading import parse_in
from castdeck.workspace import DeckPlace, include_reader, read_deck_text

COPY = ".orig"


def fix_deck(place: DeckPlace) -> bool:
    """Show what can be mended in a deck, and mend it; in a terminal it asks first. Whether it was mended.

    What stood there is kept beside it, unless git has it. Raises DeckError.
    """
    text = read_deck_text(place.path, place.workspace.root)
    read = Remembering(include_reader(place.path, place.workspace.root))

    def parse(text: str) -> Deck:
        return parse_in(place.workspace, place.path, text, read)

    deck = parse(text)
    fresh = fixed(text, deck, text_problems(deck, read.text(text)), parse)
    if fresh == text:
        return False
    diff = unified_diff(text.splitlines(), fresh.splitlines(), str(place.path), f"{place.path} (mended)", lineterm="")
    result("\n".join(diff))
    if somebody_answers() and not click.confirm(f"Write {place.path}?", default=True, err=True):
        return False
    if not _git_has(place.path):
        kept = _free_name(place.path)
        atomic.write(kept, place.path.read_bytes())
        say(f"{kept} is the deck as it was")
    atomic.write(place.path, fresh)
    return True


def _free_name(path: Path) -> Path:
    """`deck.md.orig`, or `deck.md.orig2` and so on where an earlier copy has that name."""
    names = (f"{path.name}{COPY}{number if number > 1 else ''}" for number in count(1))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _git_has(path: Path) -> bool:
    """Whether the index of the file's repository holds just what the file does."""
    from dulwich.index import Index  # large, and only wanted here

    path = path.resolve()
    folder = next((above for above in path.parents if (above / ".git").exists()), None)
    index = folder / ".git" / "index" if folder else None
    if not folder or not index or not index.is_file():
        return False
    data = path.read_bytes()
    blob = sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest().encode()
    try:
        entry = Index(index)[path.relative_to(folder).as_posix().encode()]
    except Exception:  # not in it, or an index that can't be read: a copy is kept
        return False
    return getattr(entry, "sha", b"") == blob
