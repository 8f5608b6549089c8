"""Finds slide properties: remark's lines, or Slidev's YAML up to the next `---`.

    ---                     ---
    class: center           layout: center
    name: start             ---

    # Title                 # Title

Lines may also begin the deck, or follow an empty line or the `--` of a step. Where lines could be text as well, they
count as properties only if each of them looks like one.
"""

import re
from collections.abc import Mapping, Sequence

from markdown_it.rules_block import StateBlock

from castdeck.deck.dialects.dialect import PropertyStyle
from castdeck.deck.properties import HIDES, IN_LINES, PROPERTIES, REMARKS
from castdeck.deck.separators import NEW_SLIDE
from castdeck.deck.strict_yaml import YamlError, load_yaml
from castdeck.deck.yaml_block import holds_text

_LINE = re.compile(r"([A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(.*?)|(\S.*?))?[ \t]*$")
_NEVER_TEXT = re.compile(r"[^\w\s\"'(*_`]")
_CLASSES = re.compile(r"[\w-]+(?:[\s,]+[\w-]+){0,5},?")
_CODE_INDENT = 4
_FLAGS = frozenset({"count", *HIDES})
_FREE = ("background", "auto-animate", "autoslide")

Lines = tuple[dict[str, object], int]
"""Properties, and the number of the line below them."""


def properties_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a token "properties" with `meta["values"]`, and `meta["yaml"]` if they are YAML."""
    if silent or state.level or state.blkIndent or state.sCount[line]:
        return False
    is_first, last = not state.tokens, state.tokens[-1] if state.tokens else None
    is_slide = last is not None and last.type == "separator" and last.meta["kind"] in NEW_SLIDE
    is_adjacent = last is not None and last.map is not None and last.map[1] == line
    if not is_first and not is_slide and not _may_follow(state):
        return False
    manner: PropertyStyle = state.env["dialect"].properties
    found = _yaml(state, line, end) if is_slide and is_adjacent and manner is not PropertyStyle.LINES else None
    is_yaml = found is not None
    at_top = is_first and line == 0
    found = found or _lines(state, line, end, sure=at_top or (is_slide and is_adjacent), at_top=at_top)
    if not found:
        return False
    values, below = found
    token = state.push("properties", "", 0)
    token.meta, token.map = {"values": values, "yaml": is_yaml}, [line, below]
    state.line = below
    return True


def _may_follow(state: StateBlock) -> bool:
    """Whether the last token is a step separator, or properties that may continue below an empty line."""
    last = state.tokens[-1]
    return last.meta.get("kind") == "step" or (last.type == "properties" and not last.meta["yaml"])


def _yaml(state: StateBlock, line: int, end: int) -> Lines | None:
    """Read a YAML mapping that ends at the next slide separator."""
    separators = state.env["separators"]
    for last in range(line + 1, end):
        text = _text(state, last)
        if separators.kind(text.strip()) in NEW_SLIDE:
            break
    else:
        return None
    block = state.src[state.bMarks[line] : state.bMarks[last]]
    is_slidevs = state.env["dialect"].properties is PropertyStyle.YAML
    if set(text.strip()) != {"-"} or holds_text(block, may_have_any_key=is_slidevs):
        return None
    try:
        values = load_yaml(block)
    except YamlError:
        return None
    if not isinstance(values, dict) or not values:
        return None
    if not is_slidevs and (not any(name in PROPERTIES for name in values) or _are_remarks(values)):
        return None
    return {str(name): value for name, value in values.items()}, last + 1


def _are_remarks(values: Mapping[str, object]) -> bool:
    """Whether these properties are remark's only, where a slide may end right after them."""
    classes = values.get("class")
    return (
        isinstance(values.get("layout"), bool)
        or any(name in values for name in ("template", "name", "background-image"))
        or (isinstance(classes, str) and "," in classes)
    )


def _lines(state: StateBlock, line: int, end: int, *, sure: bool, at_top: bool) -> Lines | None:
    """Read lines of `name: value`. Unless they are `sure` to be properties, each has to look like one."""
    values: dict[str, str] = {}
    last = line
    while last < end and (found := _property(_text(state, last))):
        name, value = found
        values[name] = value
        last += 1
    whole = last == end or state.isEmpty(last) or _is_never_text(state, last)
    names = list(values)
    if sure and names and (names[0] in IN_LINES or (whole and _are_known(names))):
        return dict(values), last
    if at_top and whole and (names == ["title"] or _has_a_remarks_property(values)):
        return dict(values), last
    if whole and _are_known(names) and all(_looks_like_one(name, values[name]) for name in names):
        return dict(values), last
    return None


def _is_never_text(state: StateBlock, line: int) -> bool:
    """Whether the line ends a paragraph: a heading, a separator, HTML. It may be indented, but less than code."""
    return state.sCount[line] < _CODE_INDENT and bool(_NEVER_TEXT.match(_text(state, line).lstrip()))


def _has_a_remarks_property(values: Mapping[str, str]) -> bool:
    """Whether a property of remark is among small names, so that the others are for `{{name}}`."""
    sure = (REMARKS - {"name"}) & values.keys()
    return all(name.islower() for name in values) and any(_looks_like_one(name, values[name]) for name in sure)


def _are_known(names: Sequence[str]) -> bool:
    return any(name in IN_LINES for name in names) and all(name in PROPERTIES for name in names)


def _property(text: str) -> tuple[str, str] | None:
    found = _LINE.match(text)
    if not found or (found[3] and found[1] not in PROPERTIES):
        return None
    return found[1], found[2] or found[3] or ""


def _looks_like_one(name: str, value: str) -> bool:
    """Whether the value suits the property: not so in "background: how it all began", which is text."""
    if name in _FLAGS:
        return value in ("true", "false")
    if name == "class":
        return bool(_CLASSES.fullmatch(value))
    if name.startswith(_FREE) and "(" in value:
        return True
    return name == "title" or len(value.split()) <= 1 + name.endswith(("-position", "-size"))


def _text(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] : state.eMarks[line]]
