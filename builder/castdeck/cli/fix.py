"""`castdeck check --fix`: a diff of what is mended in a deck, then the deck mended."""

from difflib import unified_diff
from hashlib import sha1
from io import BytesIO
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
from castdeck.gate import Gate
from castdeck.reading import parse_in
from castdeck.workspace import DeckPlace, include_reader, read_deck_text

COPY = ".orig"
_MOST_INDEX = 16 << 20  # bytes of git's index, which has about 100 for each file
_WITH_WHOLE_NAMES = (b"DIRC\0\0\0\2", b"DIRC\0\0\0\3")  # in version 4 each name continues another, without limit


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
    diff = unified_diff(text.splitlines(), fresh.splitlines(), str(place.path), f"{place.path} (fixed)", lineterm="")
    result("\n".join(diff))
    if somebody_answers() and not click.confirm(f"Write {place.path}?", default=True, err=True):
        return False
    if not _git_has(place.path, text.encode()):
        kept = _free_name(place.path)
        atomic.write(kept, text)
        say(f"{kept} is a copy of the deck as it was")
    atomic.write(place.path, fresh)
    return True


def _free_name(path: Path) -> Path:
    """`deck.md.orig`, or `deck.md.orig2` and so on where an earlier copy has that name."""
    names = (f"{path.name}{COPY}{number if number > 1 else ''}" for number in count(1))
    return next(free for name in names if not (free := path.with_name(name)).exists())


def _git_has(path: Path, data: bytes) -> bool:
    """Whether the index of the file's repository holds the file with that content."""
    from dulwich.index import read_index  # large, and only wanted here

    path = path.resolve()
    folder = next((above for above in path.parents if (above / ".git").exists()), None)
    if not folder:
        return False
    name = path.relative_to(folder).as_posix().encode()
    blob = sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest().encode()
    try:
        index = Gate(folder).read_bytes(folder / ".git/index", most=_MOST_INDEX, private=True)
        is_known = index.startswith(_WITH_WHOLE_NAMES)
        return is_known and any(entry.name == name and entry.sha == blob for entry in read_index(BytesIO(index)))
    except Exception:  # not to be read: a copy is kept
        return False
