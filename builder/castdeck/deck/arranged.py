"""Applies a slide's attribute lines, comments and background images to its tokens, and removes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.attributes import (
    comment_attributes,
    give,
    joined,
    take_trailing_attributes,
    unknown_attributes,
)
from castdeck.deck.comments import is_comment, last_comments, notes_in
from castdeck.deck.dialects import Dialect
from castdeck.deck.dialects.dialect import Comments
from castdeck.deck.element_comments import give_to_block, give_within
from castdeck.deck.parts import file_of
from castdeck.deck.pictures import Beside, read_background, size_picture, without_empty_paragraphs
from castdeck.deck.room import Room
from castdeck.problems import Place, Problem

MOST_ATTRIBUTES = 1000
"""How often attributes may be given to a slide and its elements in comments, and in lines of their own."""


@dataclass
class Arranged:
    """The slide as arranged so far: its own `attributes`, and the speaker `notes` found in comments."""

    path: Path
    dialect: Dialect
    problems: list[Problem]
    tokens: list[Token] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    notes: list[Token] = field(default_factory=list)
    beside: Beside | None = None
    waiting: dict[str, str] = field(default_factory=dict)
    items: int = 0
    room: Room = field(default_factory=lambda: Room(MOST_ATTRIBUTES))

    def takes_more(self, token: Token) -> bool:
        """Whether attributes can be given once more. Each time takes as long as what is there already."""
        if self.room.take(1):
            return True
        if self.room.is_news():
            place = Place(file_of(token, self.path), (token.map or [0])[0] + 1)
            message = f"more than {MOST_ATTRIBUTES} attributes and comments on a slide: the rest does nothing"
            self.problems.append(Problem(Code.UNSUPPORTED, place, message, "split the slide"))
        return False

    def unknown(self, attributes: Mapping[str, object], token: Token) -> None:
        """Report attributes that neither HTML nor reveal.js knows."""
        place = Place(file_of(token, self.path), (token.map or [0])[0] + 1)
        for name, hint in unknown_attributes({name: str(value) for name, value in attributes.items()}):
            message = f"unknown attribute {name!r}"
            self.problems.append(Problem(Code.UNKNOWN_ATTRIBUTE, place, message, hint, name))


def arrange(tokens: Sequence[Token], path: Path, dialect: Dialect, problems: list[Problem]) -> Arranged:
    """Arrange the tokens of one slide. Problems are appended to `problems`."""
    slide = Arranged(path, dialect, problems)
    has_background = False
    comments_from = last_comments(tokens)
    for number, token in enumerate(tokens):
        kind = token.type
        if kind == "inline":
            if "<" in token.content or "![" in token.content:
                has_background = _inline(slide, token) or has_background
            if token.content.endswith("}"):
                _trailing_attributes(slide, token)
            if dialect.breaks:
                _break_lines(token)
        elif kind == "list_item_open":
            slide.items += 1
        elif kind == "list_item_close":
            slide.items -= 1
        elif kind == "attributes":
            if slide.takes_more(token):
                slide.waiting = joined(slide.waiting, token.meta["attributes"])
                slide.unknown(token.meta["attributes"], token)
            continue
        elif kind == "div_open":
            slide.unknown(token.attrs, token)
        elif slide.items and kind in ("heading_open", "heading_close"):
            token.type, token.tag = kind.replace("heading", "paragraph"), "p"
            if token.nesting == 1:
                token.attrJoin("class", "strong")
        elif kind == "html_block" and _comment(slide, token, is_last=number >= comments_from):
            continue
        if slide.waiting and token.nesting >= 0:
            give(token, slide.waiting)
            slide.waiting = {}
        slide.tokens.append(token)
    if has_background:
        slide.tokens = without_empty_paragraphs(slide.tokens)
    return slide


def _comment(slide: Arranged, token: Token, *, is_last: bool) -> bool:
    """Use a block of HTML if it is a comment with a meaning; `is_last`: only comments follow it on the slide.

    Returns whether it was used, and so is not shown.
    """
    what, attributes = comment_attributes(token.content)
    if what and not slide.takes_more(token):
        pass
    elif what == "slide":
        slide.attributes = joined(slide.attributes, attributes)
    elif what == "element":
        give_to_block(slide.tokens, attributes)
    elif slide.dialect.comments is Comments.HTML or not is_comment(token.content):
        return False
    elif slide.dialect.comments is Comments.NOTES or is_last:
        slide.notes += notes_in(token.content, (token.map or [0])[0])
    return True


def _inline(slide: Arranged, inline: Token) -> bool:
    """Use the comments and images in a line. Returns whether one of the images is a background or stands beside the
    text."""
    kept: list[Token] = []
    has_background = False
    for child in inline.children or ():
        if child.type == "html_inline" and child.content.startswith("<!--"):
            what, attributes = comment_attributes(child.content)
            if what and not slide.takes_more(inline):
                pass
            elif what == "slide":
                slide.attributes = joined(slide.attributes, attributes)
            elif what == "element":
                give_within(kept, slide.tokens, attributes)
            elif slide.dialect.comments is not Comments.HTML:
                slide.notes += notes_in(child.content, (inline.map or [0])[0])
            else:
                kept.append(child)
            continue
        if child.type == "image":
            slide.unknown(child.attrs, inline)
            if _background(slide, child, inline):
                has_background = True
                continue
            size_picture(child)
        kept.append(child)
    inline.children = kept
    return has_background


def _background(slide: Arranged, image: Token, inline: Token) -> bool:
    found = read_background(image)
    if found is None:
        return False
    messages = [f"castdeck has no equivalent of {word!r} for a background image" for word in found.unknown]
    if slide.beside or (found.attributes and "data-background-image" in slide.attributes):
        messages.append("a slide has one background image: of several, the first is shown")
    else:
        slide.attributes = joined(slide.attributes, found.attributes)
    slide.beside = found.beside or slide.beside
    place = Place(file_of(inline, slide.path), (inline.map or [0])[0] + 1)
    for message, word in zip(messages, (*found.unknown, "![bg"), strict=False):
        slide.problems.append(Problem(Code.UNSUPPORTED, place, message, Code.UNSUPPORTED.remedy, word))
    return True


def _trailing_attributes(slide: Arranged, inline: Token) -> None:
    """`- one {.fragment}`: attributes after a list item's text are the item's; after a paragraph, its own."""
    above = slide.tokens[-1] if slide.tokens else None
    if above is None or above.type != "paragraph_open":
        return
    item = slide.tokens[-2] if len(slide.tokens) > 1 and slide.tokens[-2].type == "list_item_open" else None

    def are_meant(attributes: Mapping[str, str]) -> bool:
        return item is not None or "fragment" in attributes.get("class", "").split()

    attributes = take_trailing_attributes(inline, are_meant=are_meant)
    if attributes:
        slide.unknown(attributes, inline)
        give(item or above, attributes)


def _break_lines(inline: Token) -> None:
    for child in inline.children or ():
        if child.type == "softbreak":
            child.type, child.tag = "hardbreak", "br"
