"""What takes long with a large deck, as functions for a process of its own, where it delays no save.

`read_whole` reads a deck from its first line to its last, `draw_slides` draws slides. Both get all they need as values
and give values back; the deck that was read last is kept, so that its slides are drawn without reading it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from castdeck.cast.model import Cast, CastError, parse_cast
from castdeck.deck import Slide
from castdeck.errors import CastdeckError, Problem
from castdeck.serve.drawing import Drawing, draw
from castdeck.serve.pieces import Piece
from castdeck.serve.recorder import Wanting, commands, wanting
from castdeck.serve.source import Source, fingerprint, read, with_pieces


@dataclass(frozen=True)
class Whole:
    """What reading a whole deck tells: of each slide its fingerprint and line, and what is wrong with the deck.

    `wanting` names the blocks that have to be recorded, `stale` those among them that have a cast; `commands` changes
    with what a recording depends on.
    """

    pieces: tuple[Piece, ...]
    wanted: tuple[str, ...]
    entangled: bool
    marks: tuple[int, ...]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]
    wanting: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    commands: str = ""


@dataclass(frozen=True)
class Places:
    """Where a deck's files are: its own, the outermost folder that it may show files of, and its recordings."""

    deck: Path
    root: Path
    recordings: Path


def read_whole(text: str, places: Places) -> Whole:
    """Read a deck's text. Raises DeckError."""
    source = with_pieces(_read(text, places.deck))
    assert source.pieces is not None
    problems = list(source.deck.problems)
    wanted = Wanting((), ())
    try:
        wanted = wanting(source.deck, places.recordings)
    except CastdeckError as error:
        problems.append(error.problem)
    return Whole(
        source.pieces,
        source.wanted,
        source.entangled,
        tuple(fingerprint(slide) for slide in source.deck.slides),
        tuple(slide.line for slide in source.deck.slides),
        tuple(problems),
        wanted.blocks,
        wanted.stale,
        commands(source.deck),
    )


def draw_slides(text: str, places: Places, numbers: Sequence[int]) -> dict[int, Drawing]:
    """Draw the slides of those numbers (from 0) of a deck's text. Raises DeckError."""
    slides = _read(text, places.deck).deck.slides
    return {number: draw_slide(slides[number], places) for number in numbers if number < len(slides)}


def draw_slide(slide: Slide, places: Places) -> Drawing:
    """Draw one slide, with the casts of its blocks that are there."""
    casts = {block.name: cast for block in slide.blocks if (cast := read_cast(places.recordings, block.name))}
    return draw(slide, places.deck, places.root, casts)


def read_cast(recordings: Path, name: str) -> Cast | None:
    """The cast of the block called `name`; None where there is no good one."""
    try:
        return parse_cast((recordings / f"{name}.cast").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, CastError):
        return None


@lru_cache(maxsize=1)
def _read(text: str, path: Path) -> Source:
    return read(text, path)
