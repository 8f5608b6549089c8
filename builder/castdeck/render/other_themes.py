"""Themes that come with other tools: a deck written for one of them names its theme in the front matter."""

import re

from castdeck.deck.dialects import DIALECTS

_THEMES = {
    **{dialect.tool: tuple(dialect.themes) for dialect in DIALECTS.values()},
    "reveal.js": (
        *("beige", "black", "black-contrast", "blood", "dracula", "league", "moon", "night", "serif", "simple", "sky"),
        *("solarized", "white", "white-contrast", "white_contrast_compact_verbatim_headers"),
    ),
}
_ADDRESS = re.compile(r"https?://|\.{0,2}/|@[\w-]+/|.*\.css$|(?:slidev|marp|reveal)-theme-", re.IGNORECASE)


def tool_of_theme(name: str) -> str:
    """The tool that a theme is of, "another tool" for an address or a package's name; "" where that can't be told."""
    known = next((tool for tool, names in _THEMES.items() if name.lower() in names), "")
    return known or ("another tool" if name == "default" or _ADDRESS.match(name) else "")
