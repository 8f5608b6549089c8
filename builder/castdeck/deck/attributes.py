"""Attributes on headings (`# Title {#id .class}`) and in reveal.js's comments (`<!-- .slide: key="value" -->`)."""

import re
import shlex
from collections.abc import Sequence

from markdown_it.token import Token

_TRAILING = re.compile(r"\s*\{([^{}]*)\}\s*$")
_WORD = re.compile(r"[#.][\w-]+|[\w-]+=.+")
_COMMENT = re.compile(r"\s*<!--\s*\.(slide|element):(.*?)-->\s*", re.DOTALL)
_PAIR = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|([^\s=]+)""")


def take_heading_attributes(inline: Token) -> dict[str, str]:
    """Cut `{#id .class key=value}` off a heading's inline token and give it as HTML attributes."""
    last = inline.children[-1] if inline.children else None
    found = _TRAILING.search(last.content) if last and last.type == "text" else None
    if not last or not found:
        return {}
    try:
        words = shlex.split(found[1])
    except ValueError:
        return {}
    if not words or not all(_WORD.fullmatch(word) for word in words):
        return {}
    last.content = last.content[: found.start()]
    inline.content = _TRAILING.sub("", inline.content)
    ids = [("id", word[1:]) for word in words if word[0] == "#"]
    attributes = dict(ids)
    if classes := [word[1:] for word in words if word[0] == "."]:
        attributes["class"] = " ".join(classes)
    return attributes | dict(word.split("=", 1) for word in words if word[0] not in "#.")


def comment_attributes(html: str) -> tuple[str, dict[str, str]]:
    """What a comment is for ("slide", "element", or "" for any other HTML) and the attributes that it gives."""
    found = _COMMENT.fullmatch(html)
    if not found:
        return "", {}
    pairs = {m[1] or m[5]: m[2] or m[3] or m[4] or "" for m in _PAIR.finditer(found[2])}
    return found[1], pairs


def give_to_element(tokens: Sequence[Token], attributes: dict[str, str]) -> None:
    """Put attributes on the last element that the tokens open."""
    depth = 0
    for token in reversed(tokens):
        if token.nesting == -1:
            depth += 1
        elif token.nesting == 1:
            depth -= 1
        if depth <= 0 and token.nesting >= 0 and (token.nesting == 1 or token.type in ("fence", "hr", "image")):
            for name, value in attributes.items():
                token.attrJoin("class", value) if name == "class" else token.attrSet(name, value)
            return
