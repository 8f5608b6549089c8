"""Maths: `$a^2$` inline, `$$` around a display formula, and ```` ```math ```` blocks.

A dollar with a letter or digit on its outer side is no delimiter, so that `$HOME/$USER` stays text.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

from castdeck.deck.separators import separator_below

_block = math_block_dollar(allow_labels=False)
_find = math_inline_dollar(allow_space=False, allow_digits=False)
_find_double = math_inline_dollar(allow_double=True)


def maths_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a token "math_block". It may interrupt a paragraph, and ends with the slide."""
    if not state.src.startswith("$$", state.bMarks[line] + state.tShift[line]):
        return False
    tokens, place = len(state.tokens), state.line
    found = _block(state, line, separator_below(state, line, end), False)
    if found and silent:
        del state.tokens[tokens:]
        state.line = place
    return bool(found)


def maths_plugin(markdown: MarkdownIt) -> None:
    """Add tokens "math_inline" and "math_inline_double"."""
    markdown.inline.ruler.before("escape", "math_inline", _inline)


def _inline(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "$" or (start and _is_word(state.src[start - 1])):
        return False
    find = _find_double if state.src.startswith("$$", start) else _find
    if not find(state, True):
        return False
    end, state.pos = state.pos, start
    if end < len(state.src) and _is_word(state.src[end]):
        return False
    return bool(find(state, silent))


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_$"
