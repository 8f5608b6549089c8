"""remark's `{{name}}`: replaced by the value of the property on a slide that has or inherits it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from markdown_it.token import Token

from castdeck.deck.room import Room

_NAME = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def shown_names(tokens: Iterable[Token]) -> Iterator[str]:
    """The properties that the tokens use."""
    return (name for token in tokens if "{{" in token.content for name in _NAME.findall(token.content))


def fill_properties(tokens: Sequence[Token], values: Mapping[str, object], room: Room) -> bool:
    """Fill in values in the text of the tokens, and return whether there was `room` for their characters.

    Names without a value and code blocks stay as they are.
    """
    texts = {name: str(value) for name, value in values.items()}

    def value(found: re.Match[str]) -> str:
        text = texts.get(found[1], found[0])
        return text if room.take(len(text)) else ""

    for token in tokens:
        if "{{" not in token.content or token.type not in ("inline", "html_block"):
            continue
        token.content = _NAME.sub(value, token.content)
        for child in token.children or ():
            child.content = _NAME.sub(value, child.content)
    return room.left >= 0
