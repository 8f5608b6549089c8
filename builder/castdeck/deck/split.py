"""Cuts a slide that is too full between paragraphs, list items and table rows; the next ones' titles say "(2/3)"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from castdeck.deck.model import Deck, Slide

WHOLE = "whole"  # the class of a slide that stays one
_LISTS = ("bullet_list_open", "ordered_list_open")
_COMMENTS = re.compile(r"(?:\s*<!--(?:(?!-->).)*-->)+\s*", re.DOTALL)
_NEVER = frozenset({"html_block", "div_open", "slot", "footnotes_open"})
_TITLES = ("h1", "h2")
_NOTHING: tuple[tuple[Token, ...], tuple[Token, ...]] = ((), ())


@dataclass(frozen=True)
class Unit:
    """A part of a slide that is never cut: its tokens, and those that open and close what it stands in."""

    tokens: tuple[Token, ...]
    around: tuple[tuple[Token, ...], tuple[Token, ...]] = _NOTHING
    item: int = 0


def units(slide: Slide) -> tuple[Unit, ...]:
    """The units below the slide's title, each one element of the page; none where the slide can't be cut."""
    is_whole = WHOLE in slide.attributes.get("class", "").split()
    if is_whole or any(_has_own_form(token) for token in slide.tokens):
        return ()
    hidden = {block.name for block in slide.blocks if block.hidden}
    return tuple(_units(_groups(slide.tokens)[len(_title(slide)) and 1 :], hidden))


def _has_own_form(token: Token) -> bool:
    """Whether it is HTML, other than a comment, or something else that can't be cut."""
    return token.level == 0 and token.type in _NEVER and not _COMMENTS.fullmatch(token.content)


def split(deck: Deck, cuts: Mapping[str, Sequence[int]]) -> Deck:
    """The deck with its slides cut before the units of these numbers, by the slides' ids."""
    taken = {slide.id for slide in deck.slides}
    slides: list[Slide] = []
    for slide in deck.slides:
        slides += _split(slide, cuts.get(slide.id, ()), taken)
    return replace(deck, slides=tuple(slides))


def _split(slide: Slide, cuts: Sequence[int], taken: set[str]) -> Iterator[Slide]:
    found = units(slide)
    starts = [0, *(cut for cut in cuts if 0 < cut < len(found))]
    if len(starts) == 1:
        yield slide
        return
    for number, start in enumerate(starts, 1):
        end = starts[number] if number < len(starts) else len(found)
        tokens = (*_titled(slide, f" ({number}/{len(starts)})" if number > 1 else ""), *_joined(found[start:end]))
        names = {token.meta.get("block") for token in tokens}
        blocks = tuple(block for block in slide.blocks if block.name in names)
        name = slide.id if number == 1 else _free(f"{slide.id}-{number}", taken)
        yield replace(slide, id=name, tokens=tokens, blocks=blocks)


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "-more"
    taken.add(name)
    return name


def _groups(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """The tokens by the outermost element that they belong to."""
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return [tuple(group) for group in groups]


def _title(slide: Slide) -> tuple[Token, ...]:
    first = next(iter(_groups(slide.tokens)), ())
    return first if first and first[0].type == "heading_open" and first[0].tag in _TITLES else ()


def _titled(slide: Slide, more: str) -> tuple[Token, ...]:
    title = _title(slide)
    if not title or not more:
        return title
    opening, inline, *rest = title
    words = inline.copy(content=inline.content + more, children=[*(inline.children or ())])
    words.children = [*(words.children or ()), Token("text", "", 0, content=more)]
    return (opening, words, *rest)


def _units(groups: Sequence[tuple[Token, ...]], hidden: set[str]) -> Iterator[Unit]:
    before: tuple[Token, ...] = ()  # what is not seen by itself goes with what follows
    for group in groups:
        first = group[0]
        if first.type in ("step", "html_block") or first.meta.get("block") in hidden:
            before += group
            continue
        inner = _groups(group[1:-1])
        if first.type in _LISTS:
            around = ((*before, first), group[-1:])
            parts = [Unit(item, around, number) for number, item in enumerate(inner)]
        elif first.type == "table_open" and inner[-1][0].type == "tbody_open":
            *head, body = inner
            opening = (*before, first, *(token for part in head for token in part), body[0])
            around = (opening, (body[-1], group[-1]))
            parts = [Unit(row, around) for row in _groups(body[1:-1])]
        else:
            parts = [Unit((*before, *group))]
        yield from parts
        before = ()


def _joined(found: Sequence[Unit]) -> Iterator[Token]:
    """Their tokens, with lists and tables opened and closed around those that belong to the same one."""
    for number, unit in enumerate(found):
        opening, closing = unit.around
        if number == 0 or found[number - 1].around is not unit.around:
            yield from (_counting_from(token, unit.item) for token in opening)
        yield from unit.tokens
        if number + 1 == len(found) or found[number + 1].around is not unit.around:
            yield from closing


def _counting_from(token: Token, item: int) -> Token:
    if token.type != "ordered_list_open" or not item:
        return token
    return token.copy(attrs={**token.attrs, "start": int(token.attrs.get("start", 1)) + item})
