"""Slidev's `src: pages/a.md#2,5-7`: some slides of another file, whose front matter is that of its first slide."""

import re
from collections.abc import Iterator, Mapping, Sequence

from markdown_it.token import Token

from castdeck.deck.properties import PROPERTIES
from castdeck.deck.separators import NEW_SLIDE

_RANGES = re.compile(r"(.+)#(\d+(?:-\d*)?(?:,\d+(?:-\d*)?)*)")
_WITHOUT_END = 1 << 31


def split_ranges(name: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The file's name, and the first and last of its slides (from 1) of each range behind it; none for all slides."""
    found = _RANGES.fullmatch(name)
    if not found:
        return name, ()
    pairs = (one.partition("-") for one in found[2].split(","))
    return found[1], tuple((int(a), int(b or (_WITHOUT_END if dash else a))) for a, dash, b in pairs)


def some_slides(tokens: Sequence[Token], ranges: Sequence[tuple[int, int]]) -> list[Token]:
    """The tokens of those slides only, without the separator above the first."""
    kept: list[Token] = []
    for number, slide in enumerate(_slides(tokens), 1):
        if any(first <= number <= last for first, last in ranges):
            kept += slide if kept or number == 1 else slide[1:]
    return kept


def _slides(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Each slide's tokens, with the separator above it."""
    slide: list[Token] = []
    for token in tokens:
        if token.type == "separator" and token.meta["kind"] in NEW_SLIDE:
            yield slide
            slide = []
        slide.append(token)
    yield slide


def as_properties(settings: Mapping[str, object], own: Mapping[str, object], lines: int) -> list[Token]:
    """A token of the properties that an imported file's front matter gives its first slide, but where the slide that
    imports it has `own` ones. `lines` is the length of the front matter."""
    values = {name: value for name, value in settings.items() if name in PROPERTIES and name not in own}
    if not values:
        return []
    token = Token("properties", "", 0, map=[0, lines], block=True)
    token.meta = {"values": values, "yaml": True}
    return [token]
