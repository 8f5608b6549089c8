"""Image syntax of other tools: Marp's `![w:200](x)` and `![bg right:40%](x)`, remark's `![:scale 40%](x)`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from markdown_it.token import Token

from castdeck.deck.attributes import give
from castdeck.deck.slots import div, split_off

_SCALE = re.compile(r"^:scale\s+([\d.]+%?)\s*")
_LENGTH = re.compile(r"(?:image:)?(w|width|h|height):(auto|[\d.]+(?:px|%|em|rem|vw|vh|cm|mm|in|pt)?)")
_SIDE = re.compile(r"(left|right)(?::([\d.]+%))?")
_SIZE = re.compile(r"[\d.]+(?:%|px)")
_SIZES = {"cover": "cover", "contain": "contain", "fit": "contain", "auto": "auto"}
_OPACITY = re.compile(r"opacity:([\d.]+%?)")
_PAGE = "width: 100%; height: 32rem; border: 0"
_FILTER = re.compile(
    r"(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia):[\w.%,()#-]+"
)
"""https://marpit.marp.app/image-syntax?id=image-filters"""
_UNKNOWN = re.compile(
    r"vertical|(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|saturate|sepia)(?::\S*)?|opacity"
)


@dataclass(frozen=True)
class Beside:
    """An image beside a slide's text. `size` is its share of the width, "" for half."""

    side: str
    image: Token
    size: str = ""


@dataclass
class BackgroundImage:
    """The meaning of `![bg ...](x)`: attributes of the slide, or an image beside its text. `unknown` words have no
    effect."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    beside: Beside | None = None
    unknown: tuple[str, ...] = ()


def read_background(image: Token) -> BackgroundImage | None:
    """Read an image as a background; None if it is none."""
    words = image.content.split()
    if words[:1] != ["bg"]:
        return None
    attributes = {"data-background-image": str(image.attrs.get("src", ""))}
    side: re.Match[str] | None = None
    rest: list[str] = []
    lengths: dict[str, str] = {}
    for word in words[1:]:
        if word in _SIZES or _SIZE.fullmatch(word):
            attributes["data-background-size"] = _SIZES.get(word, word)
        elif found := _LENGTH.fullmatch(word):
            lengths[found[1][0]] = _css(found[2])
        elif found := _OPACITY.fullmatch(word):
            attributes["data-background-opacity"] = found[1]
        elif found := _SIDE.fullmatch(word):
            side = found
        else:
            rest.append(word)
    if lengths:
        attributes["data-background-size"] = f"{lengths.get('w', 'auto')} {lengths.get('h', '')}".strip()
    unknown = tuple(word for word in rest if _UNKNOWN.fullmatch(word))
    if not side:
        return BackgroundImage(attributes, None, unknown)
    _say(image, " ".join(word for word in rest if word not in unknown))
    return BackgroundImage({}, Beside(side[1], image, side[2] or ""), unknown)


def size_picture(image: Token) -> None:
    """Move the size and Marp's filters in an image's alt text to its attributes."""
    text = image.content
    found: dict[str, str] = {}
    filters = [_filter(word) for word in text.split() if _FILTER.fullmatch(word)]
    if filters:
        text = " ".join(word for word in text.split() if not _FILTER.fullmatch(word))
        _say(image, text)
        image.attrSet("style", f"filter:{' '.join(filters)}")
    if scale := _SCALE.match(text):
        found["width"] = scale[1] if scale[1].endswith("%") else f"{scale[1]}%"
        text = text[scale.end() :]
    words = text.split(" ")
    for length in filter(None, map(_LENGTH.fullmatch, words)):
        found["width" if length[1].startswith("w") else "height"] = length[2]
    if found:
        _say(image, " ".join(word for word in words if not _LENGTH.fullmatch(word)))
        give(image, found)


def _filter(word: str) -> str:
    """A filter as CSS: `drop-shadow:0,5px,10px` has commas for blanks."""
    name, _, value = word.partition(":")
    if name == "drop-shadow":
        value = re.sub(r",(?![^()]*\))", " ", value)
    return f"{name}({value})"


def picture_beside(value: str) -> Beside | None:
    """Read the property `beside: right photo.jpg`, or `beside: right iframe https://example.com`."""
    words = value.split()
    side = _SIDE.fullmatch(words[0]) if len(words) == 2 or words[1:2] == ["iframe"] else None
    if not side:
        return None
    address = words[-1]
    if len(words) > 2:
        page = f'<iframe src="{escape(address)}" title="{escape(address)}" style="{_PAGE}"></iframe>'
        return Beside(side[1], Token("html_inline", "", 0, content=page), side[2] or "")
    image = Token("image", "img", 0, attrs={"src": address, "alt": ""}, children=[])
    return Beside(side[1], image, side[2] or "")


def put_beside(tokens: Sequence[Token], beside: Beside) -> list[Token]:
    """Put a slide's tokens into one column, the image into the other. It is looked for where the slide's file is."""
    text, rest = split_off(tokens)
    files = [token.meta["path"] for token in tokens if "path" in token.meta]
    paragraph = [
        Token("paragraph_open", "p", 1, block=True),
        Token(
            "inline", "", 0, content="", children=[beside.image], block=True, meta={"path": files[0]} if files else {}
        ),
        Token("paragraph_close", "p", -1, block=True),
    ]
    columns = [div("column", text), div("column", paragraph, width=beside.size)]
    if beside.side == "left":
        columns.reverse()
    return [*div("columns beside", [token for column in columns for token in column]), *rest]


def without_empty_paragraphs(tokens: Sequence[Token]) -> list[Token]:
    """Remove paragraphs that contained only a background."""
    return list(_filled(tokens))


def _filled(tokens: Sequence[Token]) -> Iterator[Token]:
    empty = {
        number
        for number, token in enumerate(tokens)
        if token.type == "inline" and not any(child.content or child.tag for child in token.children or ())
        if number and tokens[number - 1].type == "paragraph_open"
    }
    for number, token in enumerate(tokens):
        if not empty & {number - 1, number, number + 1}:
            yield token


def _say(image: Token, text: str) -> None:
    text = " ".join(text.split())
    image.content, image.children = text, [Token("text", "", 0, content=text)] if text else []


def _css(length: str) -> str:
    return f"{length}px" if length.replace(".", "").isdigit() else length
