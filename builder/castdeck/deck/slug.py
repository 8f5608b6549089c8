"""Slide ids that stay the same when something else is edited."""

import re
import unicodedata

_SPELLED = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss", "ø": "o", "Ø": "o"})
_LONGEST = 60
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
