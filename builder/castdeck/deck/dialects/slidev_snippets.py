"""Slidev's `<<< @/snippets/a.yaml yaml {1|2}`: code from a file."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from castdeck.deck.divs import is_top_level

_LINE = re.compile(r"<<<[ \t]+(\S+?)(?:#(\S+))?(?:[ \t]+(.*?))?[ \t]*$")


def snippets_plugin(markdown: MarkdownIt) -> None:
    """Add tokens "snippet" with the path as content, the info string as info, and a region's name in meta."""
    above = {"alt": ["paragraph", "blockquote", "list"]}
    markdown.block.ruler.before("castdeck", "snippets", _rule, above)  # type: ignore[arg-type]


def _rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("<<<", start) or not is_top_level(state, line, silent):
        return False
    found = _LINE.match(state.src[start : state.eMarks[line]])
    if not found:
        return False
    if not silent:
        token = state.push("snippet", "", 0)
        token.content, token.info = found[1].removeprefix("@/"), found[3] or ""
        token.map, token.meta = [line, line + 1], {"region": found[2] or ""}
        state.line = line + 1
    return True
