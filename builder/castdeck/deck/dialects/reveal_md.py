"""reveal-md: separators are regular expressions over the whole text, settings are reveal.js's."""

import re
from collections.abc import Mapping
from typing import Any

from castdeck.deck.dialects.dialect import Dialect

_ENDS = re.compile(r"^\^?(?:\\r|\\n|\?|\(\\r\\n\|\\n\)|[\r\n])*\^?|\$?(?:\\r|\\n|\?|\(\\r\\n\|\\n\)|[\r\n])*\$?$")
_KINDS = {"separator": "slide", "verticalSeparator": "vertical", "notesSeparator": "notes"}


def _own_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Translate reveal-md's front matter into `separators:` and `reveal:`."""
    separators = {
        kind: f"/{line}/"
        for name, kind in _KINDS.items()
        if isinstance(settings.get(name), str) and (line := separator_line(settings[name])) and kind != "notes"
    }
    options = settings.get("revealOptions")
    reveal = options if isinstance(options, dict) else {}
    found = {"separators": separators, "reveal": reveal}
    return {name: value | _mapping(settings.get(name)) for name, value in found.items() if value}


def separator_line(expression: str) -> str:
    """The line that an expression over the whole text matches; "" if it matches only empty lines."""
    return _ENDS.sub("", expression.strip()).strip()


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


REVEAL_MD = Dialect(
    "reveal-md",
    "reveal-md",
    telling=frozenset(
        {"revealOptions", "separator", "verticalSeparator", "notesSeparator", "highlightTheme", "preprocessor"}
    ),
    settings=frozenset({"css", "scripts", "assetsDir", "featuredSlide", "absoluteUrl", "print", "template", "mermaid"}),
    heeded=frozenset({"revealOptions", "separator", "verticalSeparator"}),
    ends_text=True,
    own_settings=_own_settings,
)
