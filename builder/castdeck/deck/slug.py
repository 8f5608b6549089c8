"""Slide ids that stay the same when something else is edited."""

import re
import unicodedata
from collections.abc import Iterator

_SPELLED = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"}
    | {"ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i", "þ": "th", "Þ": "th", "ð": "d", "Ð": "d"}
)
_LONGEST = 60
_LONGEST_BYTES = 180
_MOST_BYTES = 200
_NOT_IN_IDS = re.compile(r"""[\s/\\<>"'&?#%*|]""")


def is_id(text: str) -> bool:
    """Whether it can be an id, and a part of a file's name: visible characters of any script, no path, no markup."""
    return (
        bool(text)
        and text.isprintable()
        and not text.startswith((".", "-"))
        and not _NOT_IN_IDS.search(text)
        and len(text.encode(errors="replace")) <= _MOST_BYTES
    )


def slug(title: str) -> str:
    """A title in small letters of its own script, with hyphens; Latin letters have no accents.

    "" when nothing is left of it. The same title in other code points (an accent of its own, say) has the same slug.
    """
    letters = unicodedata.normalize("NFKD", title.translate(_SPELLED)).lower()
    if all(map(_is_latin, filter(str.isalnum, letters))):
        return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")[:_LONGEST].strip("-")
    words = unicodedata.normalize("NFC", "".join(_in_any_script(letters))).split("-")
    text = "-".join(filter(None, words))[:_LONGEST]
    return text.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip("-")


def _in_any_script(letters: str) -> Iterator[str]:
    """Letters, digits, and the marks on letters but Latin ones; a hyphen in place of each other character."""
    above_latin = False
    for character in letters:
        kind = unicodedata.category(character)[0]
        if kind != "M":
            above_latin = _is_latin(character)
        if kind in "LN" or (kind == "M" and not above_latin):
            yield character
        elif kind != "M":
            yield "-"


def _is_latin(character: str) -> bool:
    return character.isascii() or "LATIN" in unicodedata.name(character, "")


class Ids:
    """Gives each slide an id of its own: the second `name` becomes `name-2`.

    Ids differ in more than the size of their letters: they are names of files too.
    """

    def __init__(self) -> None:
        self._used: set[str] = set()

    def take(self, wanted: str) -> str:
        """`wanted`, or the first of `wanted-2`, `wanted-3`... that is free."""
        name, number = wanted or "slide", 1
        while _folded(name) in self._used:
            number += 1
            name = f"{wanted or 'slide'}-{number}"
        self._used.add(_folded(name))
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
