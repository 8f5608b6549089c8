"""presenterm: commands in comments, such as `<!-- end_slide -->`, `<!-- pause -->`, `<!-- column_layout: [1, 2] -->`.

Its front matter is a first slide of its own.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import yaml
from markdown_it.token import Token

from castdeck.deck.dialects.dialect import Comments, Dialect, Sign
from castdeck.deck.dialects.headings import separator_before
from castdeck.deck.dialects.title_slide import put_title_slide
from castdeck.deck.slots import closing_div, opening_div

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_COMMENT = re.compile(r"\s*<!--\s*(.*?)\s*-->\s*", re.DOTALL)
_BELOW_THE_TITLE = ("sub_title", "event", "location", "date", "author", "authors")
_END = r"<!--\s*end_slide\s*-->"


def _command(token: Token) -> tuple[str, object]:
    """The name and value of a comment's command; "" for anything else."""
    found = _COMMENT.fullmatch(token.content) if token.type == "html_block" else None
    if not found:
        return "", None
    try:
        said = yaml.safe_load(found[1])
    except yaml.YAMLError:
        return "", None
    if isinstance(said, dict) and len(said) == 1:
        return next((str(name), value) for name, value in said.items())
    return (said, None) if isinstance(said, str) and said.replace("_", "").isalpha() else ("", None)


def _own_settings(settings: Mapping[str, object]) -> dict[str, object]:
    if not _option(settings, "end_slide_shorthand"):
        return {}
    return {"separators": {"slide": f"/{_END}|---/"}}


def _divide(tokens: list[Token], settings: Mapping[str, object]) -> list[Token]:
    """A step at each pause; a slide at each underlined heading where the options say so."""
    by_headings = _option(settings, "implicit_slide_ends")
    divided: list[Token] = []
    for token in tokens:
        if _command(token)[0] == "pause":
            token = Token("separator", "", 0, map=token.map, meta={"kind": "step"}, block=True)
        elif by_headings and divided and token.type == "heading_open" and not token.markup.startswith("#"):
            divided.append(separator_before(token))
        divided.append(token)
    return divided


def _mend(parts: list["Part"], settings: Mapping[str, object]) -> None:
    for part in parts:
        values: dict[str, object] = {}
        part.tokens[:] = _carried_out(part.tokens, values, one_by_one=_option(settings, "incremental_lists"))
        part.values = values | dict(part.values)
    put_title_slide(parts, settings, _BELOW_THE_TITLE)


def _carried_out(tokens: Sequence[Token], values: dict[str, object], one_by_one: bool) -> Iterator[Token]:
    """The tokens with what their commands say; `values` takes those for the whole slide."""
    widths: list[int] | None = None
    is_open = False
    for token in tokens:
        name, value = _command(token)
        if name in ("column", "column_layout", "reset_layout") and widths:
            yield from [closing_div()] * (is_open + (name != "column"))
            is_open = False
        if name == "column_layout" and isinstance(value, list) and all(isinstance(one, int) for one in value):
            widths = value
            yield opening_div("columns")
        elif name == "column" and widths and isinstance(value, int) and value < len(widths):
            yield opening_div("column", f"{100 * widths[value] / (sum(widths) or 1):.0f}%")
            is_open = True
        elif name == "reset_layout":
            widths = None
        elif name == "incremental_lists":
            one_by_one = value is True
        elif name == "jump_to_middle" or (name == "alignment" and value == "center"):
            values["class"] = "center"
        elif name == "skip_slide":
            values["hidden"] = True
        elif name == "speaker_note":
            token.content = f"<!--{value}-->"
            yield token
        elif not _COMMENT.fullmatch(token.content) or token.type != "html_block":
            if one_by_one and token.type == "list_item_open":
                token.attrJoin("class", "fragment")
            yield token
    if widths:
        yield from [closing_div()] * (is_open + 1)


def _option(settings: Mapping[str, object], name: str) -> bool:
    options = settings.get("options")
    return isinstance(options, dict) and options.get(name) is True


PRESENTERM = Dialect(
    "presenterm",
    "presenterm",
    settings=frozenset({*_BELOW_THE_TITLE, "options"}),
    heeded=frozenset({*_BELOW_THE_TITLE, "options"}),
    signs=(
        Sign("<!-- end_slide -->", re.compile(rf"^\s*{_END}")),
        Sign("<!-- pause -->", re.compile(r"^\s*<!--\s*(?:pause|jump_to_middle|reset_layout|column: \d+)\s*-->"), 4),
    ),
    separators={"slide": f"/{_END}/"},
    comments=Comments.NOTES,
    has_note_word=False,
    own_settings=_own_settings,
    divide=_divide,
    mend=_mend,
)
