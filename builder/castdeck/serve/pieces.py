"""Cuts a deck's text into pieces, one per slide, incrementally.

A piece begins with the line of its separator and ends before the next one. At a top-level separator, the block parser
keeps no state from the lines above. So only the lines around a change have to be cut again, up to a separator that the
new and the old text share. Touches no disk, clock, process or network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

from castdeck.deck.language import Language
from castdeck.deck.separators import NEW_SLIDE


@dataclass(frozen=True)
class Piece:
    """A slide's text. The line of its separator takes the first `begin` characters (0: the deck begins without one).

    A `vertical` slide is below the one before it.
    """

    text: str
    begin: int = 0
    vertical: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on the slide."""
        return not self.text[self.begin :].strip()


@dataclass(frozen=True)
class Recut:
    """A deck's pieces after a change: `pieces[start:stop]` replaces `old[start:old_stop]`."""

    pieces: tuple[Piece, ...]
    start: int
    stop: int
    old_stop: int


def cut(text: str, language: Language, is_below_head: bool = False) -> tuple[Piece, ...]:
    """Cut a deck's body into pieces; joined, they are the body again.

    `is_below_head`: there is front matter above it. Otherwise the first line may be a property of a slide.
    """
    return tuple(_between(text, _separator_lines(text, language, is_below_head)))


def recut(old: Sequence[Piece], text: str, language: Language, is_below_head: bool = False) -> Recut:
    """The same as `cut(text)`, computed from the pieces of the text before the change."""
    start, begin = _same_at_the_start(old, text)
    tail, end = _same_at_the_end(old, text, start, begin)
    start, begin = (start - 1, begin - len(old[start - 1].text)) if start else (0, 0)
    reach = 1
    while tail > 0:
        following = old[len(old) - tail]
        line = following.text.partition("\n")[0]
        region = text[begin : end + len(line)]
        found = _separator_lines(region, language, is_below_head)
        if text[end - 1 : end] == "\n" and found and found[-1][0] == end - begin:
            return _recut(old, start, _between(text[begin:end], found[:-1]), tail)
        step = min(reach, tail)
        end += sum(len(piece.text) for piece in old[len(old) - tail : len(old) - tail + step])
        tail -= step
        reach *= 2
    return _recut(old, start, _between(text[begin:], _separator_lines(text[begin:], language, is_below_head)), 0)


def _recut(old: Sequence[Piece], start: int, fresh: list[Piece], tail: int) -> Recut:
    """The pieces after a change; fresh pieces that equal the old ones are not part of the changed range."""
    stop = len(old) - tail
    while fresh and start < stop and fresh[0] == old[start]:
        fresh.pop(0)
        start += 1
    while fresh and start < stop and fresh[-1] == old[stop - 1]:
        fresh.pop()
        stop -= 1
    pieces = (*old[:start], *fresh, *old[stop:])
    return Recut(pieces, start, start + len(fresh), stop)


def _same_at_the_start(old: Sequence[Piece], text: str) -> tuple[int, int]:
    position = 0
    for number, piece in enumerate(old):
        if not text.startswith(piece.text, position):
            return number, position
        position += len(piece.text)
    return len(old), position


def _same_at_the_end(old: Sequence[Piece], text: str, start: int, begin: int) -> tuple[int, int]:
    """The number of equal pieces at the end, and where they begin; not counting the first `start` pieces again."""
    tail, end = 0, len(text)
    for piece in reversed(old[start:]):
        if end - len(piece.text) < begin or not text.endswith(piece.text, begin, end):
            break
        end -= len(piece.text)
        tail += 1
    return tail, end


def _separator_lines(text: str, language: Language, is_below_head: bool) -> list[tuple[int, str]]:
    """The offset and kind of each slide separator in `text`."""
    text = "\n" * is_below_head + text
    tokens: list[Token] = []
    parser = language.parser
    parser.block.parse(text, parser, language.env(), tokens)
    wanted = {
        token.map[0]: str(token.meta["kind"])
        for token in tokens
        if token.type == "separator" and token.map and token.meta["kind"] in NEW_SLIDE
    }
    if not wanted:
        return []
    found: list[tuple[int, str]] = []
    position = -int(is_below_head)
    for number, line in enumerate(text.split("\n")):
        if number in wanted:
            found.append((position, wanted[number]))
        position += len(line) + 1
    return found


def _between(text: str, separators: list[tuple[int, str]]) -> list[Piece]:
    """Cut `text` at the separators. If it begins with one, there is no empty piece before it."""
    cuts = separators if separators and separators[0][0] == 0 else [(0, ""), *separators]
    ends = [*(begin for begin, _ in cuts), len(text)]
    pieces: list[Piece] = []
    for (_, kind), (begin, end) in zip(cuts, pairwise(ends), strict=True):
        line = text.find("\n", begin, end) + 1 or end
        pieces.append(Piece(text[begin:end], line - begin if kind else 0, kind == "vertical"))
    return pieces
