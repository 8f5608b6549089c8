"""Attributes in pandoc's style, `{#id .class key="value"}`, and in reveal.js's comments.

They follow an image, inline code, a link, `[a few words]`, a heading's text or `:::`, or have a line of their own above
the block they apply to. (A code block has them in its info string: see info.py.)
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.suggest import suggest

_TRAILING = re.compile(r"\s*\{([^{}]*)\}\s*$")
_SET_OFF = re.compile(r"(?:^|\s+)\{([^{}]*)\}$")
_LINE = re.compile(r"\{([^{}]*)\}[ \t]*$")
_WORD = re.compile(
    r"""\s*(?:(?P<mark>[#.])(?P<name>[\w-]+)|(?P<key>[A-Za-z][\w:.-]*)(?:=(?:"([^"]*)"|'([^']*)'|([^\s"'{}]+)))?)(?=\s|$|(?<=\w)\.(?=[A-Za-z]))"""
)
_COMMENT = re.compile(r"\s*<!--\s*\.(slide|element):(.*?)-->\s*", re.DOTALL)
_PAIR = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))|([^\s=]+)""")
_AFTER = frozenset({"image", "code_inline", "link_close", "span_close"})

REVEAL = frozenset(
    (
        *("auto-animate", "auto-animate-delay", "auto-animate-duration", "auto-animate-easing", "auto-animate-id"),
        *("auto-animate-restart", "auto-animate-unmatched", "autoslide", "background", "background-color"),
        *("background-gradient", "background-iframe", "background-image", "background-interactive"),
        *("background-opacity", "background-position", "background-repeat", "background-size"),
        *("background-transition", "background-video", "background-video-loop", "background-video-muted"),
        *("fragment-index", "menu-title", "minutes", "state", "timing", "transition", "transition-speed", "visibility"),
    )
)
"""reveal.js's attributes, and `minutes`, the planned time. The `data-` prefix may be left out."""
_QUARTOS = {"fig-alt": "alt"}
_FLAGS = REVEAL | {"controls", "autoplay", "loop", "muted", "reversed", "hidden"}
_HTML = frozenset(
    (
        *("align", "alt", "class", "colspan", "datetime", "dir", "download", "height", "href", "id", "lang", "loading"),
        *("max-height", "max-width", "poster", "rel", "role", "rowspan", "src", "start", "style", "tabindex", "target"),
        *("title", "type", "value", "width", "top", "right", "bottom", "left", "fig-align", *(_FLAGS - REVEAL)),
    )
)


_PLACES = ("top", "right", "bottom", "left")
_LENGTHS = ("width", "height", "max-width", "max-height", "position", *_PLACES)


def parse_attributes(text: str) -> dict[str, str] | None:
    """Parse the text between braces into HTML attributes. None if it is anything else.

    reveal.js's attributes may leave out `data-`.
    """
    found: dict[str, str] = {}
    position, end = 0, len(text.rstrip())
    while position < end:
        word = _WORD.match(text, position)
        if not word:
            return None
        position = word.end()
        key, value = word["key"], next((value for value in word.groups()[3:] if value is not None), None)
        if word["mark"]:
            key, value = ("id", word["name"]) if word["mark"] == "#" else ("class", word["name"])
        elif value is None and key not in _FLAGS and not key.startswith("data-"):
            return None
        found |= joined(found, {_full_name(key): value or ""})
    return found or None


def joined(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Merge attributes: classes are combined, for all others the second wins."""
    classes = " ".join(filter(None, (first.get("class"), second.get("class"))))
    return {**first, **second, **({"class": classes} if classes else {})}


def unknown_attributes(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each name that is neither HTML's nor reveal.js's, with a hint."""
    for name in attributes:
        if name not in _HTML and not name.startswith(("data-", "aria-")):
            yield name, suggest(name, [*sorted(_HTML), *sorted(REVEAL)], Code.UNKNOWN_ATTRIBUTE.remedy)


def attributes_plugin(markdown: MarkdownIt) -> None:
    """Add attributes after inline elements, and `[words]{.class}`."""
    markdown.inline.ruler.after("link", "span", _span)
    markdown.inline.ruler.push("attributes", _after_element)


def take_heading_attributes(inline: Token) -> dict[str, str]:
    """Cut `{#id .class key=value}` off a heading's inline token, and return it as HTML attributes."""
    last = inline.children[-1] if inline.children else None
    found = _TRAILING.search(last.content) if last and last.type == "text" else None
    attributes = parse_attributes(found[1]) if found else None
    if not last or not found or not attributes:
        return {}
    last.content = last.content[: found.start()]
    inline.content = _TRAILING.sub("", inline.content)
    return attributes


def take_trailing_attributes(inline: Token, *, are_meant: Callable[[Mapping[str, str]], bool]) -> dict[str, str]:
    """Cut attributes off the end of a line of text, if `are_meant` accepts them."""
    last = inline.children[-1] if inline.children else None
    found = _SET_OFF.search(last.content) if last and last.type == "text" else None
    attributes = parse_attributes(found[1]) if found else None
    if not last or not found or not attributes or not are_meant(attributes):
        return {}
    last.content = last.content[: found.start()]
    inline.content = _SET_OFF.sub("", inline.content)
    return attributes


def comment_attributes(html: str) -> tuple[str, dict[str, str]]:
    """Read `<!-- .slide: ... -->` or `<!-- .element: ... -->`: the target ("" for other HTML) and attributes."""
    found = _COMMENT.fullmatch(html)
    if not found:
        return "", {}
    pairs = {m[1] or m[5]: m[2] or m[3] or m[4] or "" for m in _PAIR.finditer(found[2])}
    return found[1], pairs


def give(token: Token, attributes: Mapping[str, str]) -> None:
    """Set attributes on a token. Lengths (`width=50%`) go into its style, so do places (`left=20`)."""
    if any(name in attributes for name in _PLACES):
        attributes = {"position": "absolute", **attributes}
    for name, value in attributes.items():
        if name == "class":
            token.attrJoin("class", value)
        elif name in _LENGTHS:
            length = f"{value}px" if value.isdecimal() else value
            style = str(token.attrGet("style") or "")
            token.attrSet("style", f"{style}{';' if style else ''}{name}:{length}")
        else:
            token.attrSet(name, value)


def _full_name(name: str) -> str:
    return f"data-{name}" if name in REVEAL else _QUARTOS.get(name, name)


def _after_element(state: StateInline, silent: bool) -> bool:
    if silent or state.src[state.pos] != "{" or state.pending or not state.tokens:
        return False
    token = state.tokens[-1]
    end = state.src.find("}", state.pos) if token.type in _AFTER else -1
    attributes = parse_attributes(state.src[state.pos + 1 : end]) if end > 0 else None
    if not attributes:
        return False
    give(_opening(state.tokens), attributes)
    state.pos = end + 1
    return True


def _opening(tokens: Sequence[Token]) -> Token:
    depth = 0
    for token in reversed(tokens):
        depth += token.nesting
        if depth == 0:
            return token
    return tokens[-1]


def _span(state: StateInline, silent: bool) -> bool:
    """`[a few words]{.class}`."""
    start = state.pos
    if state.src[start] != "[":
        return False
    close = state.md.helpers.parseLinkLabel(state, start, False)
    if close < 0 or not state.src.startswith("{", close + 1):
        return False
    end = state.src.find("}", close)
    attributes = parse_attributes(state.src[close + 2 : end]) if end > 0 else None
    if not attributes:
        return False
    if not silent:
        most = state.posMax
        state.pos, state.posMax = start + 1, close
        give(state.push("span_open", "span", 1), attributes)
        state.md.inline.tokenize(state)
        state.push("span_close", "span", -1)
        state.posMax = most
    state.pos = end + 1
    return True


def attributes_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a line of attributes, right above its block, into a token "attributes" with `meta["attributes"]`."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("{", start) or state.is_code_block(line):
        return False
    found = _LINE.match(state.src[start : state.eMarks[line]])
    attributes = parse_attributes(found[1]) if found else None
    if not attributes or line + 1 >= state.lineMax or state.isEmpty(line + 1):
        return False
    if not silent:
        token = state.push("attributes", "", 0)
        token.meta, token.map = {"attributes": attributes}, [line, line + 1]
        state.line = line + 1
    return True
