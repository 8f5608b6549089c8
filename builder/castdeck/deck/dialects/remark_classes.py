"""remark's `.class[...]`: a span within a line, a div if it is a block of its own."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from castdeck.deck.attributes import give
from castdeck.deck.divs import is_top_level, open_divs
from castdeck.deck.room import Room
from castdeck.deck.separators import NEW_SLIDE, Separators

_OPEN = re.compile(r"((?:\.[A-Za-z_][\w-]*)+)\[")
_PENDING = re.compile(r"(?:^|(?<=[^\w.]))((?:\.[A-Za-z_][\w-]*)+)$")
_FENCE = re.compile(r"\s*(`{3,}|~{3,})")
_DEEPEST = 20
_AT_LEAST, _TIMES = 100_000, 20


def classes_plugin(markdown: MarkdownIt) -> None:
    """Add the block rule before castdeck's own, and the inline rule before links."""
    above = {"alt": ["paragraph", "blockquote", "list"]}
    markdown.block.ruler.before("castdeck", "remark_classes", _block, above)  # type: ignore[arg-type]
    markdown.inline.ruler.before("link", "remark_classes", _inline)


def _block(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(".", start) or not is_top_level(state, line, silent):
        return False
    found = _OPEN.match(state.src, start, state.eMarks[line])
    if not found or len(open_divs(state)) >= _DEEPEST:
        return False
    close = _closing_bracket(state, line, found.end())
    if close is None:
        return False
    position, last = close
    if state.src[position + 1 : state.eMarks[last]].strip():
        return False
    if silent:
        return True
    opening = Token("div_open", "div", 1, block=True, map=[line, last + 1], level=state.level)
    give(opening, {"class": _names(found[1])})
    state.tokens += [opening, *_inside(state, opening, found.end(), position, line)]
    state.tokens.append(Token("div_close", "div", -1, block=True, level=state.level))
    state.line = last + 1
    return True


def _inside(state: StateBlock, opening: Token, start: int, end: int, line: int) -> list[Token]:
    """Parse the content of the brackets, keeping the deck's line numbers."""
    opened = open_divs(state)
    opened.append(opening)
    tokens = [opening]
    inner = StateBlock(state.src[start:end], state.md, state.env, tokens)
    inner.level = state.level + 1
    state.md.block.tokenize(inner, 0, inner.lineMax)
    if opening in opened:
        del opened[opened.index(opening) :]
    for token in tokens[1:]:
        if token.map:
            token.map = [token.map[0] + line, token.map[1] + line]
    return tokens[1:]


def _closing_bracket(state: StateBlock, line: int, position: int) -> tuple[int, int] | None:
    """Position and line of the closing bracket, which must be on the same slide and not in code."""
    separators: Separators = state.env["separators"]
    depth, fence, in_code = 1, "", False
    for number in range(line, state.lineMax):
        start = position if number == line else state.bMarks[number]
        text = state.src[start : state.eMarks[number]]
        if not _may_go_on(state, line, len(text) + 1):
            return None
        if number > line and not fence and separators.kind(text.strip()) in NEW_SLIDE:
            return None
        marks = _FENCE.match(text)
        if marks and (not fence or text.strip().startswith(fence)):
            closes = bool(fence)
            fence = "" if fence else marks[1]
            if not closes:
                continue
            start, text = start + marks.end(), text[marks.end() :]
        if fence:
            continue
        in_code = in_code and bool(text.strip())
        for offset, character in enumerate(text):
            escaped = offset > 0 and text[offset - 1] == "\\"
            if character == "`":
                in_code = not in_code
            elif character in "[]" and not in_code and not escaped:
                depth += 1 if character == "[" else -1
                if depth == 0:
                    return start + offset, number
    return None


def _may_go_on(state: StateBlock, line: int, characters: int) -> bool:
    """Whether brackets that never end have not yet had too many characters looked at. Says so once, at its line."""
    room: Room = state.env.setdefault("looked_at", Room(_AT_LEAST + _TIMES * len(state.src)))
    if room.take(characters):
        return True
    if room.is_news():
        message = "too many `.class[` without an end: from here on they are text"
        state.env.setdefault("crowded", []).append((line + 1, message))
    return False


def _inline(state: StateInline, silent: bool) -> bool:
    start = state.pos
    found = _PENDING.search(state.pending) if state.src[start] == "[" else None
    if not found:
        return False
    close = state.md.helpers.parseLinkLabel(state, start, False)
    if close < 0:
        return False
    if not silent:
        state.pending = state.pending[: found.start()]
        most = state.posMax
        state.pos, state.posMax = start + 1, close
        give(state.push("span_open", "span", 1), {"class": _names(found[1])})
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = most
    state.pos = close + 1
    return True


def _names(text: str) -> str:
    return text.replace(".", " ").strip()
