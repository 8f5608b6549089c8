"""Maths between dollars: `$a^2$` in a line, `$$` around a formula of its own, and ```` ```math ```` blocks.

A dollar next to a letter or a digit on its outer side opens and closes nothing, so that `$HOME/$USER` stays text.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

maths_rule = math_block_dollar(allow_labels=False)
"""The block rule: tokens "math_block"."""
_find = math_inline_dollar(allow_space=False, allow_digits=False)


def maths_plugin(markdown: MarkdownIt) -> None:
    """Adds tokens "math_inline"."""
    markdown.inline.ruler.before("escape", "math_inline", _inline)


def _inline(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if state.src[start] != "$" or (start and _is_word(state.src[start - 1])) or not _find(state, True):
        return False
    end, state.pos = state.pos, start
    if end < len(state.src) and _is_word(state.src[end]):
        return False
    return bool(_find(state, silent))


def _is_word(character: str) -> bool:
    return character.isalnum() or character in "_$"
