"""remark's `{{name}}`: replaced by the value of the property on a slide that has or inherits it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markdown_it.token import Token

_NAME = re.compile(r"\{\{\s*([\w-]+)\s*\}\}")


def shows(tokens: Iterable[Token], name: str) -> bool:
    """Whether any of the tokens uses the property."""
    return any("{{" in token.content and name in _NAME.findall(token.content) for token in tokens)


def fill_properties(tokens: Sequence[Token], values: Mapping[str, Any]) -> None:
    """Fill in values in the text of the tokens. Names without a value and code blocks stay as they are."""
    for token in tokens:
        if "{{" not in token.content or token.type not in ("inline", "html_block"):
            continue
        token.content = _filled(token.content, values)
        for child in token.children or ():
            child.content = _filled(child.content, values)


def _filled(text: str, values: Mapping[str, Any]) -> str:
    return _NAME.sub(lambda found: str(values.get(found[1], found[0])), text)
