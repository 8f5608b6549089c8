"""Fenced divs in pandoc's style: `::: columns`, `::: {.column width=40%}`, closed by `:::`.

Words after the name, as in `::: tip Mind this`, are the title, as in VitePress. Each line is a token of its own, so the
content is parsed like everything else on the slide. Slidev's `::right::` on a line of its own is a token "slot".
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from castdeck.deck.attributes import give, joined, parse_attributes

_OPEN = re.compile(r":{3,}[ \t]*([\w-]+)?[ \t]*(?:\{([^{}]*)\})?[ \t]*:*[ \t]*$")
_TITLED = re.compile(r":{3,}[ \t]*([A-Za-z][\w-]*)[ \t]+([^\s{}:].*?)[ \t]*$")
_CLOSE = re.compile(r":{3,}[ \t]*$")
_SLOT = re.compile(r"::([\w-]+)::[ \t]*$")
_DEEPEST = 20


def open_divs(state: StateBlock) -> list[Token]:
    """The divs open at the parser's position, innermost last."""
    found: list[Token] = state.env.setdefault("divs", [])
    return found


def is_top_level(state: StateBlock, line: int, silent: bool) -> bool:
    """Whether a line is outside of lists, quotes and code (divs are fine). With `silent`, whether it would end one of
    these."""
    if state.is_code_block(line):
        return False
    inside = state.level > len(open_divs(state)) or state.blkIndent > 0
    return not inside or (silent and state.sCount[line] < state.blkIndent)


def close_divs(state: StateBlock) -> None:
    """Close every open div at the end of a slide, and mark it as unclosed."""
    opened = open_divs(state)
    while opened:
        opened.pop().meta["unclosed"] = True
        state.push("div_close", "div", -1)


def div_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse tokens "div_open", "div_close", and "slot" with its name as content."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("::", start) or not is_top_level(state, line, silent):
        return False
    text = state.src[start : state.eMarks[line]]
    if slot := _SLOT.match(text):
        return silent or _push(state, line, Token("slot", "", 0, content=slot[1], block=True))
    opened = open_divs(state)
    if _CLOSE.match(text):
        if not opened:
            return False
        if not silent:
            opened.pop()
            _push(state, line, state.push("div_close", "div", -1), pushed=True)
        return True
    titled = _TITLED.match(text)
    found = _OPEN.match(text) or titled
    attributes = parse_attributes(found[2] or "") if found and not titled else None
    if not found or not (found[1] or attributes) or (not titled and found[2] is not None and attributes is None):
        return False
    if len(opened) >= _DEEPEST:
        return False
    if not silent:
        token = state.push("div_open", "div", 1)
        give(token, joined({"class": found[1]} if found[1] else {}, attributes or {}))
        opened.append(token)
        _push(state, line, token, pushed=True)
        if titled:
            _title(state, line, titled[2])
    return True


def _title(state: StateBlock, line: int, text: str) -> None:
    """Add the title of a div, a paragraph of class `title`."""
    state.push("paragraph_open", "p", 1).attrSet("class", "title strong")
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = text, [line, line + 1], []
    state.push("paragraph_close", "p", -1)


def _push(state: StateBlock, line: int, token: Token, pushed: bool = False) -> bool:
    token.map = [line, line + 1]
    if not pushed:
        token.level = state.level
        state.tokens.append(token)
    state.line = line + 1
    return True
