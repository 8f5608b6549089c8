"""What a slide says of itself right under its separator: remark's lines, or Slidev's YAML up to the next `---`.

    ---                     ---
    class: center           layout: center
    name: start             ---

    # Title                 # Title

Lines are properties only where the first of them (in YAML: any) has a name of PROPERTIES; all else is text, as ever.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from markdown_it.rules_block import StateBlock

from castdeck.codes import Code
from castdeck.deck.attributes import REVEAL
from castdeck.deck.separators import NEW_SLIDE
from castdeck.problems import NOWHERE, Problem
from castdeck.suggest import suggest

LAYOUTS = {
    "default": "",
    "none": "",
    "center": "center",
    "cover": "cover",
    "intro": "cover",
    "section": "section",
    "statement": "section",
    "fact": "section",
    "end": "section",
    "quote": "quote",
    "two-cols": "two-cols",
    "two-cols-header": "two-cols",
    "full": "full",
}
_HIDES = ("hidden", "hide", "exclude", "disabled")
_OWN = ("class", "name", "id", "routeAlias", "layout", "template", "count", "title", "include", "src", *_HIDES)
_ELSEWHERE = (
    "clicks", "clicksStart", "dragPos", "hideInToc", "level", "preload", "zoom", "image", "url", "paginate", "header",
    "footer", "color", "backgroundColor", "backgroundImage", "backgroundSize", "backgroundPosition",
)  # fmt: skip
_RENAMED = {
    "backgroundColor": "background-color",
    "backgroundImage": "background-image",
    "backgroundSize": "background-size",
    "backgroundPosition": "background-position",
}
PROPERTIES = frozenset((*_OWN, *_ELSEWHERE, *REVEAL))
_IN_LINES = PROPERTIES - {
    "title",
    "src",
    "level",
    "image",
    "url",
    "header",
    "footer",
    "color",
    "zoom",
    "notes",
    "state",
}

_LINE = re.compile(r"([a-z][\w-]*):(?:[ \t]+(.*?))?[ \t]*$")
_URL = re.compile(r"""url\(\s*["']?(.*?)["']?\s*\)""")


@dataclass(frozen=True)
class Properties:
    """A slide's properties, read. `attributes` go on its <section>.

    `is_layout` is remark's `layout: true`, False its `layout: false`. `problems` have no place yet.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    include: str = ""
    template: str = ""
    is_layout: bool | None = None
    problems: tuple[Problem, ...] = ()


def read_properties(values: Mapping[str, Any]) -> Properties:
    """What the names and values mean."""
    attributes: dict[str, str] = {}
    classes: list[str] = []
    problems: list[Problem] = []
    layout: bool | None = None
    for name, value in values.items():
        text = _text(value)
        if name == "class":
            classes += text.replace(",", " ").split()
        elif name in ("name", "id", "routeAlias"):
            attributes["id"] = text
        elif name == "layout" and text in ("true", "false"):
            layout = text == "true"
        elif name == "layout":
            classes += LAYOUTS.get(text, "").split()
            if text not in LAYOUTS:
                hint = suggest(text, LAYOUTS)
                problems.append(Problem(Code.UNKNOWN_LAYOUT, NOWHERE, f"unknown layout {text!r}", hint, text))
        elif name == "count" or name in _HIDES:
            if text == ("false" if name == "count" else "true"):
                attributes["data-visibility"] = "uncounted" if name == "count" else "hidden"
            elif text not in ("true", "false"):
                message, hint = f"{name}: {text} is neither true nor false", Code.INVALID_PROPERTY.remedy
                problems.append(Problem(Code.INVALID_PROPERTY, NOWHERE, message, hint, name))
        elif (reveal := _RENAMED.get(name, name)) in REVEAL:
            if value is not False:
                found = _URL.fullmatch(text)
                attributes[f"data-{reveal}"] = found[1] if found else "" if value is True else text
        elif name in _ELSEWHERE:
            message, hint = f"castdeck has nothing like the property {name!r}", Code.UNSUPPORTED.remedy
            problems.append(Problem(Code.UNSUPPORTED, NOWHERE, message, hint, name))
        elif name not in PROPERTIES:
            hint = suggest(name, sorted(PROPERTIES), Code.UNKNOWN_PROPERTY.remedy)
            problems.append(Problem(Code.UNKNOWN_PROPERTY, NOWHERE, f"unknown property {name!r}", hint, name))
    if classes:
        attributes["class"] = " ".join(dict.fromkeys(classes))
    return Properties(
        attributes,
        _text(values.get("title", "")),
        _text(values.get("include", values.get("src", ""))),
        _text(values.get("template", "")),
        layout,
        tuple(problems),
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return "" if value is None else str(value)


def properties_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """A token "properties" with `meta["values"]`, right after a separator or first in the deck."""
    if silent or state.level or state.blkIndent or state.sCount[line] or not _may_begin(state, line):
        return False
    first = _LINE.match(state.src[state.bMarks[line] : state.eMarks[line]])
    found = first and (_yaml(state, line, end) or _lines(state, line, end, first[1]))
    if not found:
        return False
    values, last = found
    token = state.push("properties", "", 0)
    token.meta, token.map = {"values": values}, [line, last]
    state.line = last
    return True


def _may_begin(state: StateBlock, line: int) -> bool:
    """Whether the line is right under a separator, or the first one of the deck."""
    if not state.tokens:
        return True
    last = state.tokens[-1]
    return last.type == "separator" and last.meta["kind"] in NEW_SLIDE and last.map == [line - 1, line]


def _yaml(state: StateBlock, line: int, end: int) -> tuple[dict[str, Any], int] | None:
    """A YAML mapping that ends at the next slide separator."""
    separators = state.env["separators"]
    for last in range(line + 1, end):
        text = state.src[state.bMarks[last] : state.eMarks[last]]
        if separators.kind(text.strip()) in NEW_SLIDE:
            break
    else:
        return None
    if set(text.strip()) != {"-"} or not state.tokens:
        return None
    try:
        values = yaml.safe_load(state.src[state.bMarks[line] : state.bMarks[last]])
    except (yaml.YAMLError, ValueError):
        return None
    if not isinstance(values, dict) or not any(name in PROPERTIES for name in values) or _are_remarks(values):
        return None
    return {str(name): value for name, value in values.items()}, last + 1


def _are_remarks(values: Mapping[str, Any]) -> bool:
    """Whether only remark has such properties: its slide may end right after them."""
    return isinstance(values.get("layout"), bool) or "template" in values or "name" in values


def _lines(state: StateBlock, line: int, end: int, first: str) -> tuple[dict[str, Any], int] | None:
    """Lines of `name: value`, as remark has them."""
    if first not in _IN_LINES:
        return None
    values: dict[str, Any] = {}
    last = line
    while last < end and (found := _LINE.match(state.src[state.bMarks[last] : state.eMarks[last]])):
        values[found[1]] = found[2] or ""
        last += 1
    return values, last
