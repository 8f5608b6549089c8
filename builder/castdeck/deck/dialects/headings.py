"""Slides that begin at headings, without a separator: Marp's `headingDivider`, pandoc's slide level."""

import re
from collections.abc import Collection, Sequence

from markdown_it.token import Token

_COMMENT = re.compile(r"\s*<!--(.*?)-->\s*", re.DOTALL)


def divided_at(tokens: Sequence[Token], levels: Collection[int]) -> list[Token]:
    """The tokens with a separator before each heading of these levels, but where a slide begins anyway."""
    tags = {f"h{level}" for level in levels}
    divided: list[Token] = []
    for token in tokens:
        if token.type == "heading_open" and not token.level and token.tag in tags and _has_text(divided):
            divided.append(separator_before(token))
        divided.append(token)
    return divided


def separator_before(token: Token) -> Token:
    """A separator that takes no line of the text."""
    above = (token.map or [0])[0] - 1
    return Token("separator", "", 0, map=[above, above], meta={"kind": "slide"}, block=True)


def _has_text(tokens: Sequence[Token]) -> bool:
    """Whether the slide so far has something besides comments."""
    for token in reversed(tokens):
        if token.type == "separator":
            return False
        if token.type != "html_block" or not _COMMENT.fullmatch(token.content):
            return True
    return False
