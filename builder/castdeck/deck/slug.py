"""Slide ids that stay the same when other parts of the deck are edited."""

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
    """Whether it can be an id and part of a file name: visible characters of any script, no path, no markup."""
    return (
        bool(text)
        and text.isprintable()
        and not text.startswith((".", "-"))
        and not _NOT_IN_IDS.search(text)
        and len(text.encode(errors="replace")) <= _MOST_BYTES
    )


def slug(title: str) -> str:
    """The title in lower case with hyphens, in its own script; Latin letters lose their accents.

    "" if nothing is left. Titles that differ only in Unicode normalization have the same slug.
    """
    letters = unicodedata.normalize("NFKD", title.translate(_SPELLED)).lower()
    if letters.isascii() or all(map(_is_latin, filter(str.isalnum, letters))):
        return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode()).strip("-")[:_LONGEST].strip("-")
    words = unicodedata.normalize("NFC", "".join(_in_any_script(letters))).split("-")
    text = "-".join(filter(None, words))[:_LONGEST]
    return text.encode()[:_LONGEST_BYTES].decode(errors="ignore").strip("-")


def _in_any_script(letters: str) -> Iterator[str]:
    """Keep letters, digits and combining marks (none on Latin letters); replace other characters by hyphens."""
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
    """Makes ids unique: the second `name` becomes `name-2`.

    Unique regardless of case, since ids are also file names.
    """

    def __init__(self) -> None:
        self._tried: dict[str, int] = {}  # each id in use, and the last number that was looked for behind it

    def take(self, wanted: str) -> str:
        """`wanted`, or the first of `wanted-2`, `wanted-3`... that is free."""
        name = wanted = wanted or "slide"
        first = _folded(wanted)
        number = self._tried.get(first, 1)
        while _folded(name) in self._tried:
            number += 1
            name = f"{wanted}-{number}"
        self._tried[first] = number
        self._tried.setdefault(_folded(name), 1)
        return name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
