"""Emphasis in Chinese, Japanese and Korean text, which has no blanks: in `**注意：**本文` the first part is strong.

Implements https://github.com/tats-u/markdown-cjk-friendly, whose Python ports need an older markdown-it-py.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_CJK = re.compile(r"[ᄀ-ᇿ⺀-〿぀-ヿ㄀-㆏ㆠ-㏿㐀-䶿一-鿿ꥠ-꥿가-퟿豈-﫿︰-﹏＀-｠￠-￦𠀀-𲎯]")


def is_cjk(character: str) -> bool:
    """Whether a character belongs to a script written without blanks, or is punctuation of one."""
    return bool(_CJK.match(character))


def cjk_plugin(markdown: MarkdownIt) -> None:
    """Add the rule before the standard one for emphasis."""
    markdown.inline.ruler.before("emphasis", "cjk_emphasis", _stars)


def _stars(state: StateInline, silent: bool) -> bool:
    start = state.pos
    if silent or state.src[start] != "*" or state.src.isascii():
        return False
    length = len(state.src[start : state.posMax]) - len(state.src[start : state.posMax].lstrip("*"))
    before = state.src[start - 1] if start else " "
    after = state.src[start + length] if start + length < state.posMax else " "
    if not is_cjk(before) and not is_cjk(after):
        return False
    opens = not isWhiteSpace(ord(after)) and (is_cjk(after) or not _is_punctuation(after) or _sets_off(before))
    closes = not isWhiteSpace(ord(before)) and (is_cjk(before) or not _is_punctuation(before) or _sets_off(after))
    for _ in range(length):
        state.push("text", "", 0).content = "*"
        state.delimiters.append(Delimiter(ord("*"), length, len(state.tokens) - 1, -1, opens, closes))
    state.pos += length
    return True


def _sets_off(character: str) -> bool:
    return isWhiteSpace(ord(character)) or _is_punctuation(character) or is_cjk(character)


def _is_punctuation(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
