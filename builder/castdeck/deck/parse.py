"""Text to Deck: front matter, tokens, a cut at each separator, and each part's title, notes, attributes and blocks."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from markdown_it.token import Token

from castdeck.deck.attributes import comment_attributes, give_to_element, take_heading_attributes
from castdeck.deck.blocks import read_block
from castdeck.deck.frontmatter import read_front_matter
from castdeck.deck.markdown import markdown
from castdeck.deck.model import RUNNABLE_LANGUAGES, Block, Deck, Slide
from castdeck.deck.separators import read_separators
from castdeck.deck.slug import Ids, slug
from castdeck.deck.source import normalise
from castdeck.deck.warnings import fence_problems, heading_problems
from castdeck.errors import Problem

_NOTES = ("Note:", "Notes:")
_WORDS_OF_AN_ID = 6


def parse_deck(text: str, path: Path) -> Deck:
    """Read a deck's text. Raises DeckError, with its line, for front matter that can't be read; all else is slides."""
    source = normalise(text)
    settings, body = read_front_matter(source, path)
    tokens = markdown().parse(body, {"separators": read_separators(settings, path)})
    lines = source.split("\n")
    problems = [*fence_problems(tokens, lines, path), *heading_problems(tokens, path)]
    slides = _slides(tokens, settings, path, problems)
    title = str(settings.get("title") or next((slide.title for slide in slides if slide.title), path.stem))
    return Deck(path, title, slides, settings, tuple(sorted(problems, key=lambda problem: problem.line or 0)))


def _slides(
    tokens: Sequence[Token], settings: Mapping[str, Any], path: Path, problems: list[Problem]
) -> tuple[Slide, ...]:
    parts = list(_parts(tokens))
    while len(parts) > 1 and not parts[0][2]:
        parts.pop(0)
    while len(parts) > 1 and not parts[-1][2]:
        parts.pop()
    ids = Ids()
    return tuple(
        _slide(part, kind == "vertical" and number > 0, line, ids, path, problems)
        for number, (kind, line, part) in enumerate(parts)
    )


def _parts(tokens: Sequence[Token]) -> Iterator[tuple[str, int, list[Token]]]:
    """Each part's separator kind, first line (from 1) and tokens. A step separator stays, as a token of type "step"."""
    kind, line, part = "slide", 1, list[Token]()
    for token in tokens:
        if token.type != "separator":
            part.append(token)
        elif token.meta["kind"] == "step":
            part.append(Token("step", "", 0, map=token.map, block=True))
        else:
            yield kind, line, part
            kind, line, part = token.meta["kind"], (token.map or [0])[0] + 2, []
    yield kind, line, part


def _slide(tokens: list[Token], vertical: bool, line: int, ids: Ids, path: Path, problems: list[Problem]) -> Slide:
    tokens, notes = _cut_notes(_strong_headings_in_lists(tokens))
    tokens, attributes = _take_comments(tokens)
    title, heading = _take_title(tokens)
    own = heading.pop("id", "")
    name = ids.take(own or slug(title) or slug(_first_words(tokens)))
    blocks = _read_blocks([*tokens, *notes], name, path, problems)
    first = next((token.map[0] + 1 for token in tokens if token.map), line)
    return Slide(name, title, first, tuple(tokens), blocks, vertical, tuple(notes), _joined(heading, attributes))


def _joined(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    classes = " ".join(filter(None, (first.get("class"), second.get("class"))))
    return {**first, **second, **({"class": classes} if classes else {})}


def _strong_headings_in_lists(tokens: list[Token]) -> list[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting if token.type in ("list_item_open", "list_item_close") else 0
        if depth and token.type in ("heading_open", "heading_close"):
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
            if token.nesting == 1:
                token.attrJoin("class", "strong")
    return tokens


def _cut_notes(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    for number, token in enumerate(tokens):
        start = tokens[number + 1] if number + 1 < len(tokens) else None
        if token.type != "paragraph_open" or token.level or not start or not start.children:
            continue
        word = next((word for word in _NOTES if start.content.startswith(word)), "")
        if word and start.children[0].type == "text":
            start.children[0].content = start.children[0].content.removeprefix(word).lstrip()
            start.content = start.content.removeprefix(word).lstrip()
            return tokens[:number], tokens[number:]
    return tokens, []


def _take_comments(tokens: list[Token]) -> tuple[list[Token], dict[str, str]]:
    """The tokens without reveal.js's comments, whose attributes went to their elements, and the slide's own."""
    slide: dict[str, str] = {}
    kept: list[Token] = []
    for token in tokens:
        if token.type == "html_block":
            what, attributes = comment_attributes(token.content)
            if what == "slide":
                slide |= attributes
                continue
            if what == "element":
                give_to_element(kept, attributes)
                continue
        for child in list(token.children or ()):
            what, attributes = comment_attributes(child.content) if child.type == "html_inline" else ("", {})
            if what and token.children:
                token.children.remove(child)
                if what == "slide":
                    slide |= attributes
                else:
                    give_to_element(kept, attributes)
        kept.append(token)
    return kept, slide


def _take_title(tokens: Sequence[Token]) -> tuple[str, dict[str, str]]:
    """The first heading's text, and the attributes that it gives the slide (an id counts, wherever it stands)."""
    title, attributes = "", dict[str, str]()
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        found = take_heading_attributes(inline)
        if not title:
            attributes = found
            title = _text(inline)
        else:
            for name, value in found.items():
                opening.attrSet(name, value)
    return title, attributes


def _text(inline: Token) -> str:
    words = (child.content if child.type in ("text", "code_inline") else " " for child in inline.children or ())
    return " ".join("".join(words).split())


def _first_words(tokens: Sequence[Token]) -> str:
    text = " ".join(_text(token) for token in tokens if token.type == "inline")
    return " ".join(text.split()[:_WORDS_OF_AN_ID])


def _read_blocks(tokens: Sequence[Token], slide: str, path: Path, problems: list[Problem]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for token in tokens:
        if token.type != "fence":
            continue
        block, found = read_block(token, slide, len(blocks) + 1)
        problems += [Problem(message, path, (token.map or [0])[0] + 1) for message in found]
        if block and block.language in RUNNABLE_LANGUAGES:
            blocks.append(block)
    return tuple(blocks)
