"""remark: properties as lines, `.class[...]`, notes after `???`, separators right below text."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from castdeck.deck.dialects.dialect import Dialect, Lost, PropertyStyle, Sign
from castdeck.deck.dialects.remark_classes import classes_plugin
from castdeck.deck.dialects.remark_columns import put_columns

if TYPE_CHECKING:
    from castdeck.deck.parts import Part


_STARRED = re.compile(r"(?<=\n)\*[ \t]?\w.*")
"""A line of code that remark highlights."""


def _mend(parts: list["Part"], settings: Mapping[str, object]) -> None:
    """Put columns side by side, and show background images whole: remark does not enlarge them."""
    put_columns(parts)
    for part in parts:
        if "background-image" in part.values:
            part.values = {"background-size": "contain", **part.values}


REMARK = Dialect(
    "remark",
    "remark",
    telling=frozenset({"highlightLines", "highlightStyle", "countIncrementalSlides", "output.xaringan::moon_reader"}),
    settings=frozenset({"output", "ratio", "navigation", "nature", "institute", "slideNumberFormat"}),
    signs=(
        Sign(".class[...]", re.compile(r"(?:^|(?<=[\s(*]))(?:\.[a-z][\w-]*)+\[")),
        Sign("![:scale]", re.compile(r"!\[:\w+ "), 4),
        Sign("???", re.compile(r"^\?\?\?\s*$"), 2),
    ),
    ends_text=True,
    underlines=True,
    properties=PropertyStyle.LINES,
    has_note_word=False,
    links_addresses=True,
    has_steps=True,
    has_classes=True,
    other_property=None,
    lost=(
        Lost(re.compile(r"!\[:(?!scale\b)[\w-]+[^\]\n]*\]"), "![:scale 40%](picture.png) is the only macro here"),
        Lost(_STARRED, "`{2}` behind the language highlights line 2", in_code=True),
    ),
    plugin=classes_plugin,
    mend=_mend,
)
