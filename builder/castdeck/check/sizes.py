"""The answers of measure.js, checked: a deck's own scripts run in the same page and could answer anything."""

import msgspec


class Least(msgspec.Struct, frozen=True):
    """The theme's minimum text sizes, in pixels of a slide that is 720 high; 0 for those that it does not set."""

    text: float = 0.0
    code: float = 0.0
    terminal: float = 0.0


class DeckSizes(msgspec.Struct, frozen=True):
    """What the deck has: the theme's minimum sizes and the ids of the slides."""

    least: Least = Least()
    ids: tuple[str, ...] = ()


class BlockSize(msgspec.Struct, frozen=True):
    """The text size of a code block or a terminal, in the same pixels, and whether its lines wrap."""

    name: str
    size: float
    wrapped: bool


class NotDrawn(msgspec.Struct, frozen=True):
    """A diagram or a formula that could not be drawn."""

    kind: str
    text: str
    why: str


class SlideSizes(msgspec.Struct, frozen=True):
    """The text size of a slide, and by how many pixels it overflows."""

    id: str
    below: int
    beside: int
    text: float
    code: tuple[BlockSize, ...]
    terminals: tuple[BlockSize, ...]
    wrong: tuple[NotDrawn, ...]
