"""Slidev's `<<< @/snippets/a.yaml yaml {1|2}`: code from a file."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from castdeck.deck.divs import is_top_level

_LINE = re.compile(r"<<<[ \t]+(?P<path>\S+?)(?:#(?P<region>[\w-]+))?(?:[ \t]*(?P<info>(?<=[ \t])\S.*?|\{.*?))?[ \t]*$")
_ROOT = "@/"


def snippets_plugin(markdown: MarkdownIt) -> None:
    """Add tokens "snippet" with the path as content and the info string as info.

    In their meta are the name of a `region` of the file ("" for all of it), and whether the path is `of_the_deck`
    rather than of the file that says so.
    """
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
        token.content, token.info = found["path"].removeprefix(_ROOT), found["info"] or ""
        token.map = [line, line + 1]
        token.meta = {"region": found["region"] or "", "of_the_deck": found["path"].startswith(_ROOT)}
        state.line = line + 1
    return True
