"""Parts to slides: notes and comments taken out, attributes given to what they are for, blocks read."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.attributes import (
    comment_attributes,
    give,
    give_to_element,
    joined,
    take_heading_attributes,
    unknown_attributes,
)
from castdeck.deck.blocks import read_block
from castdeck.deck.layouts import INHERITED
from castdeck.deck.model import Block, Slide
from castdeck.deck.parts import Part, file_of
from castdeck.deck.separators import starts_notes
from castdeck.deck.slots import fill_slots
from castdeck.deck.slug import Ids, is_id, slug
from castdeck.problems import Place, Problem

_WORDS_OF_AN_ID = 6
_BACKGROUND = "bg"
_SIZES = {"cover": "cover", "contain": "contain", "fit": "contain", "auto": "auto"}


def make_slides(parts: Sequence[Part], path: Path, problems: list[Problem]) -> tuple[Slide, ...]:
    """The slides of a deck, each with an id of its own; `problems` takes what is wrong with them."""
    ids, given = Ids(), dict[str, int]()
    return tuple(_slide(part, number > 0, ids, given, path, problems) for number, part in enumerate(parts))


def _slide(
    part: Part, may_be_below: bool, ids: Ids, given: dict[str, int], path: Path, problems: list[Problem]
) -> Slide:
    tokens, attributes = _arranged(part.tokens, path, problems)
    if any(token.type == "slot" for token in tokens):
        tokens = fill_slots(tokens)
    tokens, notes = _without_notes(tokens)
    title, heading = _take_title(tokens, path, problems)
    attributes = joined(joined(joined(part.inherited, part.properties.attributes), heading), attributes)
    title = part.properties.title or title
    own = attributes.pop("id", "")
    first = next((token for token in (*tokens, *notes) if token.map and INHERITED not in token.meta), None)
    line = (first.map or [0])[0] + 1 if first else part.line
    file = file_of(first, path) if first else part.path
    if own and not is_id(own):
        hint = f"an id is letters, digits, hyphens and the like; here it is {slug(own) or 'made from the title'}"
        message = f"{own!r} can't be an id"
        problems.append(Problem(Code.INVALID_ATTRIBUTE, Place(file, line), message, hint, own))
        own = slug(own)
    name = ids.take(own or slug(title) or slug(_first_words(tokens)))
    blocks = _read_blocks((*tokens, *notes), name, path, problems)
    problems += _taken_ids(own, line, file, tokens, given, path)
    return Slide(
        name,
        title,
        line,
        tuple(tokens),
        blocks,
        part.vertical and may_be_below,
        tuple(notes),
        attributes,
        file,
        _libraries(tokens),
    )


def _taken_ids(
    own: str, line: int, file: Path, tokens: Sequence[Token], given: dict[str, int], path: Path
) -> Iterator[Problem]:
    """The ids that the author gave to the slide and to what is on it, where another one has them already."""
    wanted = [(own, line, file)] if own else []
    for token in tokens:
        if token.attrs and "id" in token.attrs and token.map:
            wanted.append((str(token.attrs["id"]), token.map[0] + 1, file_of(token, path)))
    for name, place, where in wanted:
        if name in given:
            message = f"the id '#{name}' is taken: line {given[name]} has it"
            hint = "give it another one, or none: castdeck makes one of the title"
            yield Problem(Code.DUPLICATE_ID, Place(where, place), message, hint, f"#{name}")
        given.setdefault(name, place)


def _arranged(tokens: Sequence[Token], path: Path, problems: list[Problem]) -> tuple[list[Token], dict[str, str]]:
    """The tokens without comments and lines of attributes, which went where they belong; and the slide's own."""
    slide: dict[str, str] = {}
    kept: list[Token] = []
    waiting: dict[str, str] = {}
    items = 0
    for token in tokens:
        kind = token.type
        if kind == "inline":
            if "<!--" in token.content or "![" in token.content:
                slide = joined(slide, _from_inline(token, kept, path, problems))
        elif kind == "list_item_open":
            items += 1
        elif kind == "list_item_close":
            items -= 1
        elif kind == "attributes":
            waiting = joined(waiting, token.meta["attributes"])
            _tell_unknown(token.meta["attributes"], token, path, problems)
            continue
        elif kind == "div_open":
            _tell_unknown(token.attrs, token, path, problems)
        elif items and kind in ("heading_open", "heading_close"):
            token.type, token.tag = kind.replace("heading", "paragraph"), "p"
            if token.nesting == 1:
                token.attrJoin("class", "strong")
        elif kind == "html_block":
            what, attributes = comment_attributes(token.content)
            if what == "slide":
                slide = joined(slide, attributes)
                continue
            if what == "element":
                give_to_element(kept, attributes)
                continue
        if waiting and token.nesting >= 0:
            give(token, waiting)
            waiting = {}
        kept.append(token)
    return _without_empty_paragraphs(kept) if "data-background-image" in slide else kept, slide


def _tell_unknown(attributes: Mapping[str, object], token: Token, path: Path, problems: list[Problem]) -> None:
    line = (token.map or [0])[0] + 1
    for name, hint in unknown_attributes({name: str(value) for name, value in attributes.items()}):
        place = Place(file_of(token, path), line)
        problems.append(Problem(Code.UNKNOWN_ATTRIBUTE, place, f"unknown attribute {name!r}", hint, name))


def _from_inline(inline: Token, before: list[Token], path: Path, problems: list[Problem]) -> dict[str, str]:
    """The slide's attributes that stand in a line of text: a comment of reveal.js, Marp's `![bg](image.png)`."""
    slide: dict[str, str] = {}
    for child in list(inline.children or ()):
        found: dict[str, str] = {}
        what = ""
        if child.type == "html_inline":
            what, found = comment_attributes(child.content)
        elif child.type == "image":
            _tell_unknown(child.attrs, inline, path, problems)
            words = child.content.split()
            if words[:1] == [_BACKGROUND]:
                what, found = "slide", _background(child, words[1:], inline, path, problems)
        if not what or inline.children is None:
            continue
        inline.children.remove(child)
        if what == "slide":
            slide = joined(slide, found)
        else:
            give_to_element(before, found)
    return slide


def _background(
    image: Token, words: Sequence[str], inline: Token, path: Path, problems: list[Problem]
) -> dict[str, str]:
    attributes = {"data-background-image": str(image.attrs.get("src", ""))}
    for word in words:
        if word in _SIZES or word.removesuffix("%").isdecimal():
            attributes["data-background-size"] = _SIZES.get(word, word)
        else:
            line = (inline.map or [0])[0] + 1
            message = f"castdeck has nothing like {word!r} for a background image"
            code, place = Code.UNSUPPORTED, Place(file_of(inline, path), line)
            problems.append(Problem(code, place, message, code.remedy, word))
    return attributes


def _without_empty_paragraphs(tokens: Sequence[Token]) -> list[Token]:
    empty = {
        number
        for number, token in enumerate(tokens)
        if token.type == "inline" and not any(child.content or child.tag for child in token.children or ())
        if number and tokens[number - 1].type == "paragraph_open"
    }
    return [token for number, token in enumerate(tokens) if not empty & {number - 1, number, number + 1}]


def _without_notes(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """What the slide shows, and what its speaker reads. Footnotes stay on the slide."""
    for number, token in enumerate(tokens):
        if token.type == "notes":
            return _split_notes(tokens, number, number + 1)
        if token.type == "paragraph_open" and not token.level and token.nesting == 1:
            start = tokens[number + 1]
            word = starts_notes(start.content)
            if word and start.children and start.children[0].type == "text":
                start.children[0].content = start.children[0].content.removeprefix(word).lstrip()
                start.content = start.content.removeprefix(word).lstrip()
                return _split_notes(tokens, number, number)
    return tokens, []


def _split_notes(tokens: list[Token], end: int, start: int) -> tuple[list[Token], list[Token]]:
    after = tokens[start:]
    footnotes = next((number for number, token in enumerate(after) if token.type == "footnotes_open"), len(after))
    notes = [token for token in after[:footnotes] if token.type not in ("step", "notes")]
    return [*tokens[:end], *after[footnotes:]], notes


def _take_title(tokens: Sequence[Token], path: Path, problems: list[Problem]) -> tuple[str, dict[str, str]]:
    """The first heading's text, and the attributes that it gives the slide (an id counts, wherever it stands)."""
    title, attributes = "", dict[str, str]()
    headings = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    for number in sorted(headings, key=lambda number: INHERITED in tokens[number].meta):
        opening = tokens[number]
        inline = tokens[number + 1]
        found = take_heading_attributes(inline)
        if found:
            _tell_unknown(found, opening, path, problems)
        if not title:
            attributes = joined(found, {name: str(value) for name, value in opening.attrs.items()})
            if opening.attrs:
                opening.attrs = {}
            title = _text(inline)
        else:
            give(opening, found)
    return title, attributes


def _text(inline: Token) -> str:
    words = (
        child.content if child.type in ("text", "code_inline", "math_inline") else " "
        for child in inline.children or ()
    )
    return " ".join("".join(words).split())


def _first_words(tokens: Sequence[Token]) -> str:
    text = " ".join(_text(token) for token in tokens if token.type == "inline")
    return " ".join(text.split()[:_WORDS_OF_AN_ID])


def _read_blocks(tokens: Sequence[Token], slide: str, path: Path, problems: list[Problem]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for token in tokens:
        if token.type != "fence":
            continue
        block, found = read_block(token, slide, len(blocks) + 1, file_of(token, path))
        problems += found
        if block:
            blocks.append(block)
    return tuple(blocks)


def _libraries(tokens: Sequence[Token]) -> frozenset[str]:
    return frozenset(_needed(tokens))


def _needed(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        kind = token.type
        if kind == "fence":
            if token.info in ("mermaid", "math"):
                yield "mermaid" if token.info == "mermaid" else "katex"
        elif kind == "math_block" or (
            kind == "inline" and "$" in token.content and any(c.type == "math_inline" for c in token.children or ())
        ):
            yield "katex"
