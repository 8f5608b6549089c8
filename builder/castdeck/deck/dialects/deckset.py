"""Deckset: settings on the first lines, `[.background-color: #fff]`, `^ notes`, `# [fit] Title`, words in images."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from markdown_it.token import Token

from castdeck.deck.dialects.dialect import Dialect, Sign
from castdeck.deck.dialects.paragraphs import without_paragraphs
from castdeck.deck.dialects.plain import plain
from castdeck.deck.slots import div, split_off

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_SETTING = re.compile(r"[A-Za-z][\w-]*: *\S.*")
_SETTINGS = frozenset((
    *("autoscale", "build-lists", "footer", "slidenumbers", "theme", "slide-transition", "slidecount", "header"),
    *("text", "slide-dividers", "code", "background-color", "presenter-notes", "footer-style", "fit-header"),
    *("list", "quote"),
))  # fmt: skip
_COMMAND = re.compile(r"\[\.([\w-]+)(?::\s*(.*?))?\]")
_FIT = re.compile(r"^\[fit\]\s*")
_SIZE = re.compile(r"(\d+)%")
_SIDES = ("left", "right")
_WORDS = frozenset({"inline", "fit", "fill", "original", "filtered", "autoplay", "loop", "mute", "hide", *_SIDES})


def _mend(parts: Sequence["Part"], settings: Mapping[str, object]) -> None:
    deck_builds = _take_settings(parts[0].tokens).get("build-lists") == "true" if parts else False
    for part in parts:
        part.tokens[:] = _in_columns(part.tokens)
        commands: dict[str, str] = {}
        notes: list[Token] = []
        part.tokens[:] = without_paragraphs(part.tokens, partial(_own, commands, notes))
        if "background-color" in commands:
            part.values = {"background-color": commands["background-color"], **part.values}
        builds = commands.get("build-lists", str(deck_builds).lower()) == "true"
        pictures = [child for token in part.tokens for child in token.children or () if child.type == "image"]
        for token in part.tokens:
            if token.type == "list_item_open" and builds:
                token.attrJoin("class", "fragment")
            elif token.type == "inline" and token.children and "[fit]" in token.content:
                token.children[0].content = _FIT.sub("", token.children[0].content)
        behind = [picture for picture in pictures if "inline" not in picture.content.split()]
        for picture in pictures:
            _show(picture, may_be_behind=len(behind) == 1)
        if notes:
            part.tokens += [Token("notes", "", 0, block=True), *notes]


def _take_settings(tokens: list[Token]) -> dict[str, str]:
    """The settings at the top, which are taken out of the tokens."""
    inline = tokens[1] if len(tokens) > 1 and tokens[0].type == "paragraph_open" else None
    found = _read_settings(inline.content) if inline else {}
    if found:
        del tokens[:3]
    return found


def _read_settings(text: str) -> dict[str, str]:
    lines = text.split("\n")
    if not all(map(_SETTING.fullmatch, map(str.strip, lines))):
        return {}
    found = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return found if any(name in _SETTINGS for name in found) else {}


def _text_settings(text: str) -> dict[str, object]:
    """The footer and the numbers of slides, where the lines at the top say so."""
    found = _read_settings(text.strip().partition("\n\n")[0])
    footer = {"footer": plain(found["footer"])} if "footer" in found else {}
    return footer | {"slideNumber": "c" if found.get("slidenumbers") == "true" else False} if found else {}


def _in_columns(tokens: Sequence[Token]) -> list[Token]:
    """What stands behind each `[.column]` as a column, side by side."""
    body, rest = split_off(tokens)
    marks = [number for number, token in enumerate(body) if _is_column(token, body[number + 1 : number + 2])]
    if not marks:
        return list(tokens)
    ends = [*marks[1:], len(body)]
    columns = [div("column", body[mark + 3 : end]) for mark, end in zip(marks, ends, strict=True)]
    inside = [token for column in columns for token in column]
    return [*body[: marks[0]], *div("columns", inside), *rest]


def _is_column(token: Token, below: Sequence[Token]) -> bool:
    is_paragraph = token.type == "paragraph_open" and not token.level and bool(below)
    return is_paragraph and below[0].content.strip() == "[.column]"


def _own(commands: dict[str, str], notes: list[Token], inline: Token) -> bool:
    """Whether the paragraph is none of the slide's text: notes, or commands alone. Puts them into the other two."""
    if inline.content.startswith("^"):
        for child in inline.children or ():
            child.content = child.content.removeprefix("^").lstrip() if child.type == "text" else child.content
        inline.content = inline.content.removeprefix("^").lstrip()
        notes += [Token("paragraph_open", "p", 1, block=True), inline, Token("paragraph_close", "p", -1, block=True)]
        return True
    if "[." not in inline.content:
        return False
    for child in inline.children or ():
        if child.type == "text":
            commands |= {name: value or "true" for name, value in _COMMAND.findall(child.content)}
            child.content = _COMMAND.sub("", child.content).strip()
    return not any(child.content or child.type in ("image", "html_inline") for child in inline.children or ())


def _show(picture: Token, may_be_behind: bool) -> None:
    """Say a picture's words as Marp does, whose pictures castdeck knows."""
    words = picture.content.split()
    own = [word for word in words if word in _WORDS or _SIZE.fullmatch(word)]
    rest = " ".join(word for word in words if word not in own)
    side = next((word for word in own if word in _SIDES), "")
    if "inline" in own or not may_be_behind:
        size = next((found[1] for found in map(_SIZE.fullmatch, own) if found), "")
        picture.content = f"w:{size}% {rest}".strip() if size else rest
    else:
        picture.content = " ".join(filter(None, ("bg", side, "contain" if "fit" in own and not side else "", rest)))
    picture.children = [Token("text", "", 0, content=rest)] if rest else []


DECKSET = Dialect(
    "deckset",
    "Deckset",
    signs=(
        Sign("[.commands]", re.compile(r"^\[\.[a-z-]+(?:: [^\]]*)?\]\s*$"), 4),
        Sign("[fit]", re.compile(r"^#+ *\[fit\]")),
        Sign("slidenumbers:", re.compile(r"^(?:slidenumbers|autoscale|build-lists|slide-transition): *\w"), 4),
        Sign("![inline]", re.compile(r"!\[(?:inline|fit|left|right)(?: [\w% ]*)?\]\("), 3),
        Sign("^ notes", re.compile(r"^\^ ?[A-Za-z]"), 2),
        Sign("footer:", re.compile(r"^footer: "), 3, in_first_line=True),
    ),
    ends_text=True,
    has_note_word=False,
    text_settings=_text_settings,
    mend=_mend,
)
