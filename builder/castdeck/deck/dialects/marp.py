"""Marp: directives in comments, comments as notes, kept line breaks, `*` lists as fragments."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import yaml
from markdown_it.token import Token

from castdeck.deck.dialects.dialect import Comments, Dialect, Lost, Sign
from castdeck.deck.dialects.headings import divided_at
from castdeck.deck.dialects.plain import plain
from castdeck.deck.loose_yaml import with_loose_values

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_LOCAL = (
    *("class", "backgroundColor", "backgroundImage", "backgroundPosition", "backgroundRepeat", "backgroundSize"),
    "transition",
)
_IGNORED = ("color", "footer", "header", "paginate")
_GLOBAL = ("headingDivider", "lang", "size", "style", "theme", "math", "title", "author", "description", "marp")
_DIRECTIVES = frozenset((*_LOCAL, *_IGNORED, *_GLOBAL))
_COMMENT = re.compile(r"\s*<!--(.*?)-->\s*", re.DOTALL)
_NAMES = {"backgroundRepeat": "background-repeat"}


def directives(comment: str) -> Mapping[str, object]:
    """The Marp directives in a comment; empty for any other comment."""
    found = _COMMENT.fullmatch(comment)
    if not found or ":" not in found[1]:
        return {}
    try:
        values = yaml.safe_load(with_loose_values(found[1]))
    except (yaml.YAMLError, ValueError):
        return {}
    if not isinstance(values, dict) or not all(str(name).removeprefix("_") in _DIRECTIVES for name in values):
        return {}
    return {str(name): value for name, value in values.items()}


_SIZES = {"16:9": (1280, 720), "4:3": (960, 720)}


def _own_settings(settings: Mapping[str, object]) -> dict[str, object]:
    """Numbers only where the deck says `paginate:`, and a page of its size."""
    size = settings.get("size")
    if isinstance(size, int):  # YAML's number of 4 minutes and 3 seconds
        size = f"{size // 60}:{size % 60}"
    width, height = _SIZES.get(str(size), _SIZES["16:9"])
    found = {"slideNumber": "c" if settings.get("paginate") else False, "width": width, "height": height}
    own: dict[str, object] = {name: value for name, value in found.items() if name not in settings}
    footer = settings.get("footer")
    return own | {"footer": plain(footer)} if isinstance(footer, str) else own


def _mend(parts: Sequence["Part"], settings: Mapping[str, object]) -> None:
    """Turn directives into properties: with a leading `_` of their slide, otherwise of all following slides too."""
    going_on = {name: settings[name] for name in _LOCAL if settings.get(name)}
    for part in parts:
        own: dict[str, object] = {}
        for values in _taken(part):
            going_on |= {name: value for name, value in values.items() if name in _LOCAL}
            own |= {name[1:]: value for name, value in values.items() if name.startswith("_") and name[1:] in _LOCAL}
        said = {_NAMES.get(name, name): value for name, value in {**going_on, **own}.items() if value}
        if "lead" in str(said.get("class", "")).split():
            said["class"] = f"{said['class']} center"
        part.values = {**said, **part.values}
        for token in part.tokens:
            if token.type == "list_item_open" and token.markup in ("*", ")"):
                token.attrJoin("class", "fragment")


def _taken(part: "Part") -> Iterator[Mapping[str, object]]:
    """Remove and return the directives on a slide."""
    kept: list[Token] = []
    for token in part.tokens:
        values = directives(token.content) if token.type == "html_block" else {}
        if values:
            yield values
        else:
            kept.append(token)
        for child in token.children or ():
            if child.type == "html_inline" and (inside := directives(child.content)):
                yield inside
                child.content = ""
    part.tokens[:] = kept


def _divide(tokens: list[Token], settings: Mapping[str, object]) -> list[Token]:
    """Insert a separator before each heading selected by `headingDivider`, unless a slide begins there anyway."""
    divider = settings.get("headingDivider")
    if divider is None:
        comments = (directives(token.content) for token in tokens if token.type == "html_block")
        divider = next((values["headingDivider"] for values in comments if "headingDivider" in values), None)
    levels = range(1, divider + 1) if isinstance(divider, int) else divider if isinstance(divider, list) else ()
    return divided_at(tokens, levels)


MARP = Dialect(
    "marp",
    "Marp",
    telling=frozenset({"marp", "headingDivider", "paginate"}),
    settings=frozenset((*_IGNORED, *_LOCAL, "style", "size", "math", "url", "image", "auto-scaling", "html")),
    heeded=frozenset((*_LOCAL, "footer", "headingDivider", "html", "marp", "math", "paginate", "size")),
    themes=frozenset({"gaia", "uncover"}),
    signs=(
        Sign("directives in comments", re.compile(rf"<!--\s*_?(?:{'|'.join(sorted(_DIRECTIVES))})\s*:")),
        Sign("directives in comments", re.compile(r"^_(?:class|backgroundColor|paginate|color|header|footer): ")),
        Sign("<!-- fit -->", re.compile(r"<!--\s*fit\s*-->")),
    ),
    lost=(Lost(re.compile(r"<!--\s*fit\s*-->"), "# Title {.large} makes it larger"),),
    separators={"slide": r"/(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}/"},
    links_addresses=True,
    breaks=True,
    comments=Comments.NOTES,
    has_note_word=False,
    has_emojis=True,
    own_settings=_own_settings,
    divide=_divide,
    mend=_mend,
)
