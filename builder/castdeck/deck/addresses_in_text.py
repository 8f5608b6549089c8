"""Makes links of the addresses that stand in text, as GitHub's Markdown does, for decks of tools that do so."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_ADDRESS = re.compile(r"(?<![\w/@.:=])https?://(?:[^\s<>()]|\([^\s<>()]*\))*(?:[^\s<>()?!.,:;*_~'\"\]]|\([^\s<>()]*\))")


def addresses_plugin(markdown: MarkdownIt) -> None:
    """Replace each address in text outside of links by a link."""
    markdown.core.ruler.after("inline", "addresses", _rule)


def _rule(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and "://" in token.content and token.children:
            token.children = list(_linked(token.children))


def _linked(children: Sequence[Token]) -> Iterator[Token]:
    links = 0
    for child in children:
        links += child.nesting if child.type in ("link_open", "link_close") else _nesting(child)
        if links > 0 or child.type != "text" or "://" not in child.content:
            yield child
            continue
        end = 0
        for found in _ADDRESS.finditer(child.content):
            if found.start() > end:
                yield Token("text", "", 0, content=child.content[end : found.start()])
            yield Token("link_open", "a", 1, attrs={"href": found[0]}, markup="linkify", info="auto")
            yield Token("text", "", 0, content=found[0])
            yield Token("link_close", "a", -1, markup="linkify", info="auto")
            end = found.end()
        if end < len(child.content):
            yield Token("text", "", 0, content=child.content[end:])


def _nesting(child: Token) -> int:
    """1 for `<a>`, -1 for its end, and 0 for anything else."""
    html = child.content.lower() if child.type == "html_inline" else ""
    return int(html.startswith(("<a ", "<a>"))) - int(html.startswith("</a"))
