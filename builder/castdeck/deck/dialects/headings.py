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
            line = (token.map or [0])[0]
            divided.append(Token("separator", "", 0, map=[line - 1, line], meta={"kind": "slide"}, block=True))
        divided.append(token)
    return divided


def _has_text(tokens: Sequence[Token]) -> bool:
    """Whether the slide so far has something besides comments."""
    for token in reversed(tokens):
        if token.type == "separator":
            return False
        if token.type != "html_block" or not _COMMENT.fullmatch(token.content):
            return True
    return False
