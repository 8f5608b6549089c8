"""What measure.js answers. A deck's own scripts run in the same page: what is no such answer is an error, no fault."""

import msgspec


class Least(msgspec.Struct, frozen=True):
    """The theme's minimum sizes of letters, in pixels of a slide 720 high; 0 where it has none."""

    text: float = 0.0
    code: float = 0.0
    terminal: float = 0.0


class DeckSizes(msgspec.Struct, frozen=True):
    """What the deck has: the theme's minimum sizes and the ids of the slides."""

    least: Least = Least()
    ids: tuple[str, ...] = ()


class BlockSize(msgspec.Struct, frozen=True):
    """The size of the letters in a block of code or a terminal, and whether its lines are wrapped."""

    name: str
    size: float
    wrapped: bool


class NotDrawn(msgspec.Struct, frozen=True):
    """A diagram or a formula that could not be drawn."""

    kind: str
    text: str
    why: str


class SlideSizes(msgspec.Struct, frozen=True):
    """The size of a slide's letters, and by how many pixels it hangs over its edges."""

    id: str
    below: int
    beside: int
    text: float
    code: tuple[BlockSize, ...]
    terminals: tuple[BlockSize, ...]
    wrong: tuple[NotDrawn, ...]
