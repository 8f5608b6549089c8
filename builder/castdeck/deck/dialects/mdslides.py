"""mdslides: slides begin at `[comment]: # (!!!)`, those below at `[comment]: # (|||)`, with reveal.js's attributes.

https://github.com/dadoomer/markdown-slides
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from castdeck.deck.attributes import parse_attributes
from castdeck.deck.dialects.dialect import Dialect, Sign

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_BEGIN = r"\[comment\]: # \("
_ATTRIBUTES = re.compile(rf"{_BEGIN}(?:!!!|\|\|\|)\s*(.*?)\s*\)")


def _mend(parts: Sequence["Part"], settings: Mapping[str, object]) -> None:
    """Give each slide the attributes behind its separator."""
    for part in parts:
        found = _ATTRIBUTES.fullmatch(part.separator)
        attributes = parse_attributes(found[1]) if found else None
        part.values = {name.removeprefix("data-"): value for name, value in (attributes or {}).items()} | dict(
            part.values
        )


MDSLIDES = Dialect(
    "mdslides",
    "mdslides",
    signs=(Sign("[comment]: # (!!!)", re.compile(rf"^{_BEGIN}(?:!!!|\|\|\|)[^)]*\)\s*$")),),
    separators={"slide": rf"/{_BEGIN}!!![^)]*\)/", "vertical": rf"/{_BEGIN}\|\|\|[^)]*\)/"},
    links_addresses=True,
    ends_text=True,
    mend=_mend,
)
