"""Interprets slide properties: `class: center`, `layout: cover`, `background-image: photo.jpg`.

property_lines.py finds them in the text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from castdeck.codes import Code
from castdeck.deck.attributes import REVEAL
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
HIDES = ("hidden", "hide", "exclude", "disabled")
_OWN = ("class", "name", "id", "routeAlias", "layout", "template", "count", "title", "include", "src", "beside", *HIDES)
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
IN_LINES = PROPERTIES - {
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
"""Names that mark a line as a property rather than text."""
REMARKS = frozenset({"class", "name", "layout", "template", "count", "exclude", "background-image"})
"""Names that the first slide of a remark deck may begin with. They have no meaning in front matter."""

_URL = re.compile(r"""url\(\s*["']?(.*?)["']?\s*\)""")


@dataclass(frozen=True)
class Properties:
    """A slide's properties, interpreted. `attributes` are set on its <section>.

    `is_layout` is remark's `layout: true` or `layout: false`. The `problems` have no place yet.
    """

    attributes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    include: str = ""
    template: str = ""
    is_layout: bool | None = None
    beside: str = ""
    problems: tuple[Problem, ...] = ()


NO_PROPERTIES = Properties()


def read_properties(values: Mapping[str, object]) -> Properties:
    """Interpret names and values."""
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
        elif name == "count" or name in HIDES:
            if text == ("false" if name == "count" else "true"):
                seen = "hidden" if name in HIDES else attributes.get("data-visibility", "uncounted")
                attributes["data-visibility"] = seen
            elif text not in ("true", "false"):
                message, hint = f"{name}: {text} is neither true nor false", Code.INVALID_PROPERTY.remedy
                problems.append(Problem(Code.INVALID_PROPERTY, NOWHERE, message, hint, name))
        elif (reveal := _RENAMED.get(name, name)) in REVEAL:
            if value is not False:
                found = _URL.fullmatch(text)
                attributes[f"data-{reveal}"] = found[1] if found else "" if value is True else text
        elif name in _ELSEWHERE:
            message, hint = f"castdeck has no equivalent of the property {name!r}", Code.UNSUPPORTED.remedy
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
        _text(values.get("beside", "")),
        tuple(problems),
    )


def step_attributes(values: Mapping[str, object]) -> dict[str, str]:
    """The attributes for a step's element. Steps can't be hidden, nor left out of the slide count."""
    found = read_properties(values).attributes
    return {name: value for name, value in found.items() if name != "data-visibility"}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(map(_text, value))
    return "" if value is None else str(value)
