"""Slide ids that stay the same when something else is edited."""

import re
import unicodedata

_SPELLED = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"})
_LONGEST = 60


def slug(title: str) -> str:
    """A title in lower-case ASCII with hyphens; "" when nothing is left of it."""
    plain = unicodedata.normalize("NFKD", title.translate(_SPELLED)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")


class Ids:
    """Gives each slide an id of its own: the second `name` becomes `name-2`."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def take(self, wanted: str) -> str:
        """`wanted`, or the first of `wanted-2`, `wanted-3`... that is free."""
        name, number = wanted or "slide", 1
        while name in self._used:
            number += 1
            name = f"{wanted or 'slide'}-{number}"
        self._used.add(name)
        return name
