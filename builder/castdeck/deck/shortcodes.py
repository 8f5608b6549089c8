"""Shortcodes of Hugo and Quarto on lines of their own: `{{% section %}}`, `{{< slide id="x" >}}`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from castdeck.deck.divs import is_top_level
from castdeck.deck.separators import NEW_SLIDE
from castdeck.deck.slots import closing_div, opening_div

_LINE = re.compile(r"\{\{[<%]\s*(/?)([\w-]+)\b\s*(.*?)\s*/?[%>]\}\}[ \t]*$")
_ARGUMENT = re.compile(r"""([\w-]+)=(?:"([^"]*)"|'([^']*)'|(\S+))|"([^"]*)"|(\S+)""")
_DIVS = {"note": "notes", "speaker_note": "notes", "notes": "notes", "fragment": "fragment"}
_OWN_LINES = frozenset({"slide", "section", "include", "video", "pagebreak", *_DIVS})
_IN_LINE = re.compile(r"\{\{[<%]\s*/?(?:fragment|frag)\b(?:[^}]*?\bc=\"([^\"]*)\")?[^}]*[%>]\}\}")
ANY = re.compile(r"\{\{[<%]\s*([\w-]+)[^}]*[%>]\}\}")
_IDS = ("id", "class", "style")


def shortcode_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a token "shortcode" with its name as content, and `meta["closes"]` and `meta["arguments"]`."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith(("{{<", "{{%"), start) or not is_top_level(state, line, silent):
        return False
    found = _LINE.match(state.src[start : state.eMarks[line]])
    if not found or found[2] not in _OWN_LINES:
        return False
    if not silent:
        token = state.push("shortcode", "", 0)
        token.content, token.map = found[2], [line, line + 1]
        token.meta = {"closes": bool(found[1]), "arguments": _arguments(found[3])}
        state.line = line + 1
    return True


def carry_out(tokens: Sequence[Token], settings: Mapping[str, object]) -> list[Token]:
    """Replace shortcodes by what they stand for. In a section, separators begin slides below its first one."""
    return list(_carried_out(tokens, _templates(settings)))


def _carried_out(tokens: Sequence[Token], templates: Mapping[str, object]) -> Iterator[Token]:
    in_section = False
    for token in tokens:
        if token.type == "shortcode":
            if token.content == "section":
                in_section = not token.meta["closes"]
            yield from _meant(token, templates)
            continue
        if in_section and token.type == "separator" and token.meta["kind"] in NEW_SLIDE:
            token.meta = {**token.meta, "kind": "vertical"}
        elif token.type == "inline" and "{{" in token.content:
            _fill_fragments(token)
        yield token


def _meant(token: Token, templates: Mapping[str, object]) -> Iterator[Token]:
    name, arguments = token.content, token.meta["arguments"]
    if name in _DIVS:
        yield closing_div() if token.meta["closes"] else opening_div(_DIVS[name])
    elif name == "slide":
        named = templates.get(arguments.pop("template", ""), {})
        pairs = {**(named if isinstance(named, dict) else {}), **arguments}
        said = " ".join(f'{_full_name(key)}="{escape(str(value))}"' for key, value in pairs.items() if key)
        yield _html(f"<!-- .slide: {said} -->\n", token)
    elif name == "include" and "" in arguments:
        yield Token("include", "", 0, content=arguments[""], map=token.map, block=True)
    elif name == "video" and "" in arguments:
        yield _html(f'<video controls src="{escape(arguments[""])}"></video>\n', token)


def _html(text: str, token: Token) -> Token:
    return Token("html_block", "", 0, content=text, map=token.map, block=True)


def _arguments(text: str) -> dict[str, str]:
    """The named arguments, and the first of the others as ""."""
    found: dict[str, str] = {}
    for one in _ARGUMENT.finditer(text):
        found.setdefault(one[1] or "", next((value for value in one.groups()[1:] if value is not None), ""))
    return found


def _full_name(name: str) -> str:
    return name if name in _IDS or name.startswith("data-") else f"data-{name}"


def _templates(settings: Mapping[str, object]) -> Mapping[str, object]:
    """The templates for slides in reveal-hugo's front matter."""
    hugo = settings.get("reveal_hugo")
    found = hugo.get("templates") if isinstance(hugo, dict) else None
    return found if isinstance(found, dict) else {}


def _fill_fragments(inline: Token) -> None:
    """`{{% fragment %}}words{{% /fragment %}}` and `{{< frag c="words" >}}` within a line are their words."""
    for child in inline.children or ():
        if child.type == "text":
            child.content = _IN_LINE.sub(lambda found: found[1] or "", child.content)
    inline.content = _IN_LINE.sub(lambda found: found[1] or "", inline.content)
