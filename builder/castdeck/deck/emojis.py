"""Replaces `:tada:` by its emoji, in decks with `emoji: true`."""

import re
from collections.abc import Iterable

from markdown_it.token import Token

_NAME = re.compile(r":[\w+-]+:")


def show_emojis(tokens: Iterable[Token]) -> None:
    """Replace emoji names in the text of the tokens. Unknown names and code stay as they are."""
    for token in tokens:
        if token.type != "inline" or not _NAME.search(token.content):
            continue
        for child in token.children or ():
            if child.type == "text":
                child.content = _NAME.sub(lambda found: _shown(found[0]), child.content)


def _shown(name: str) -> str:
    import emoji  # large, and few decks ask for it

    return emoji.emojize(name, language="alias")
