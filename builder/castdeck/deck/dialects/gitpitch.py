"""GitPitch: `+++` for a slide below, `---?image=photo.jpg` for a background."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from castdeck.deck.dialects.dialect import Dialect, Sign

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_NAMES = {
    "image": "background-image",
    "color": "background-color",
    "gradient": "background-gradient",
    "video": "background-video",
    "size": "background-size",
    "position": "background-position",
    "repeat": "background-repeat",
    "opacity": "background-opacity",
    "transition": "transition",
}


def _mend(parts: Sequence["Part"], settings: Mapping[str, object]) -> None:
    """Read the background after a separator's question mark."""
    for part in parts:
        pairs = dict(parse_qsl(part.separator.partition("?")[2]))
        part.values = {_NAMES[name]: value for name, value in pairs.items() if name in _NAMES} | dict(part.values)


GITPITCH = Dialect(
    "gitpitch",
    "GitPitch",
    signs=(
        Sign("---?image", re.compile(r"^(?:---|\+\+\+)\?\w+=")),
        Sign("@snap", re.compile(r"^@(?:snap|snapend|title|ul|ol|ulend|olend)\b"), 4),
        Sign("+++", re.compile(r"^\+\+\+\s*$"), 3),
    ),
    separators={"slide": r"/---(\?\S*)?/", "vertical": r"/\+\+\+(\?\S*)?/"},
    links_addresses=True,
    ends_text=True,
    mend=_mend,
)
