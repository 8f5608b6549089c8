"""Turns parts into slides: splits off notes and comments, applies attributes, reads blocks."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.arranged import Arranged, arrange
from castdeck.deck.attributes import give, joined, take_heading_attributes
from castdeck.deck.bare_styles import scoped_styles
from castdeck.deck.blocks import read_block
from castdeck.deck.dialects import CASTDECK, Dialect
from castdeck.deck.layouts import INHERITED
from castdeck.deck.listed_settings import run_where_used
from castdeck.deck.model import Block, Slide
from castdeck.deck.notes import split_notes
from castdeck.deck.parts import Part, file_of
from castdeck.deck.pictures import picture_beside, put_beside
from castdeck.deck.slots import fill_slots
from castdeck.deck.slug import Ids, is_id, slug
from castdeck.problems import Place, Problem

_WORDS_OF_AN_ID = 6


def make_slides(
    parts: Sequence[Part], path: Path, problems: list[Problem], dialect: Dialect = CASTDECK, shell: str = ""
) -> tuple[Slide, ...]:
    """Make the slides of a deck, each with a unique id. Problems are appended to `problems`.

    `shell` is the name of the session's shell, if it is another than bash.
    """
    ids, given = Ids(), dict[str, int]()
    slides: list[Slide] = []
    for part in parts:
        arranged = arrange(part.tokens, path, dialect, problems)
        slides.append(_slide(part, arranged, bool(slides), ids, given, shell))
    return run_where_used(slides)


def _slide(part: Part, arranged: Arranged, may_be_below: bool, ids: Ids, given: dict[str, int], shell: str) -> Slide:
    tokens, attributes = arranged.tokens, arranged.attributes
    path, problems = arranged.path, arranged.problems
    kinds = {token.type for token in tokens}
    if "slot" in kinds:
        tokens = fill_slots(tokens)
    beside = arranged.beside or picture_beside(part.properties.beside)
    if beside:
        tokens = put_beside(tokens, beside)
    tokens, notes = split_notes(tokens, arranged.dialect.has_note_word)
    notes += arranged.notes
    title, heading = _take_title(tokens, arranged)
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
    if "html_block" in kinds:
        _scope_styles(tokens, name, arranged.dialect)
    blocks = _read_blocks((*tokens, *notes), name, path, problems, shell) if notes or "fence" in kinds else ()
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


def _scope_styles(tokens: Sequence[Token], slide: str, dialect: Dialect) -> None:
    for token in tokens:
        if token.type == "html_block":
            token.content = scoped_styles(token.content, slide, every=dialect.scopes_styles)


def _taken_ids(
    own: str, line: int, file: Path, tokens: Sequence[Token], given: dict[str, int], path: Path
) -> Iterator[Problem]:
    """Report ids given to a slide or an element of it that are already in use."""
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


def _take_title(tokens: Sequence[Token], slide: Arranged) -> tuple[str, dict[str, str]]:
    """The text of the first heading, and the attributes it sets on the slide (any heading may set its id).

    Fragment attributes and those from reveal.js comments stay with the heading.
    """
    title, attributes = "", dict[str, str]()
    headings = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    for number in sorted(headings, key=lambda number: INHERITED in tokens[number].meta):
        opening = tokens[number]
        inline = tokens[number + 1]
        found = take_heading_attributes(inline)
        slide.unknown(found, opening)
        own = dict(opening.meta.get("element", {}))
        if title:
            own = joined(own, found)
        else:
            found = joined(found, {name: str(value) for name, value in opening.attrs.items()})
            opening.attrs = {}
            if "fragment" in found.get("class", "").split():
                moved = [name for name in ("class", "data-fragment-index") if name in found]
                own = joined(own, {name: found.pop(name) for name in moved})
            attributes, title = found, _text(inline)
        give(opening, own)
    return title, attributes


def _text(inline: Token) -> str:
    words = (
        child.content if child.type in ("text", "code_inline", "math_inline", "math_inline_double") else " "
        for child in inline.children or ()
    )
    return " ".join("".join(words).split())


def _first_words(tokens: Sequence[Token]) -> str:
    text = " ".join(_text(token) for token in tokens if token.type == "inline")
    return " ".join(text.split()[:_WORDS_OF_AN_ID])


def _read_blocks(
    tokens: Sequence[Token], slide: str, path: Path, problems: list[Problem], shell: str
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for token in tokens:
        if token.type != "fence":
            continue
        block, found = read_block(token, slide, len(blocks) + 1, file_of(token, path), shell)
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
            kind == "inline"
            and "$" in token.content
            and any(c.type.startswith("math_inline") for c in token.children or ())
        ):
            yield "katex"
