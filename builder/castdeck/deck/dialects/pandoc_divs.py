"""pandoc's `<div>`: the lines between its tags are Markdown, also without empty lines around them."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_TAG = re.compile(r"</?div(?:\s[^<>]*)?>[ \t]*")
_CODE = 4  # blanks


def divs_plugin(markdown: MarkdownIt) -> None:
    """Make each line that is a `<div>` tag or its end an HTML block of its own."""
    above = {"alt": ["paragraph", "reference", "blockquote"]}
    markdown.block.ruler.before("html_block", "pandoc_divs", _rule, above)  # type: ignore[arg-type]


def _rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if state.sCount[line] - state.blkIndent >= _CODE or not state.src.startswith("<", start):
        return False
    if not _TAG.fullmatch(state.src, start, state.eMarks[line]):
        return False
    if not silent:
        token = state.push("html_block", "", 0)
        token.content = f"{state.src[start : state.eMarks[line]]}\n"
        token.map = [line, line + 1]
        state.line = line + 1
    return True
