"""Long work on large decks, as functions for a separate process, so that it does not delay saves.

`read_whole` parses a whole deck, `draw_slides` renders slides. Both take and return values; the deck parsed last is
cached, so that its slides can be rendered without parsing it again.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from castdeck.cast.model import Cast, CastError
from castdeck.cast.perform import Pace, performed
from castdeck.check.machine import machine_problems
from castdeck.check.rules import checked_text
from castdeck.check.subject import CheckedDeck, subjects
from castdeck.deck import Block, Deck, Slide
from castdeck.deck.text import DeckText
from castdeck.errors import CastdeckError
from castdeck.problems import Problem, lenient
from castdeck.record.key import own_key
from castdeck.record.neighbours import borrow, neighbours
from castdeck.record.settings import settings_of
from castdeck.record.shown import block_pace, pace_of
from castdeck.record.store import Recordings, read_cast
from castdeck.render import deck_theme
from castdeck.repository import repository_of
from castdeck.serve.drawing import Drawing, draw
from castdeck.serve.pieces import Piece
from castdeck.serve.recorder import PendingBlocks, pending_blocks
from castdeck.serve.source import ParsedSource, fingerprint, read, with_pieces
from castdeck.trust import is_trusted, trusted_folder
from castdeck.workspace import Workspace


@dataclass(frozen=True)
class ParsedDeck:
    """The result of parsing a whole deck.

    `marks` and `lines` are the fingerprint and line of each slide. `blocks` are the names of the runnable blocks,
    `pending` of those to record, `stale` of those to record again; `commands` is a hash of everything that recordings
    depend on. See ParsedSource for the first three fields.
    """

    pieces: tuple[Piece, ...]
    wanted: tuple[str, ...]
    entangled: bool
    marks: tuple[int, ...]
    lines: tuple[int, ...]
    problems: tuple[Problem, ...]
    blocks: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    commands: str = ""


@dataclass(frozen=True)
class Places:
    """Where a deck's files are: the deck itself, its recordings, and its workspace with the settings of castdeck.toml.

    `theme` is the theme given on the command line, "" for the deck's own.
    """

    deck: Path
    recordings: Path
    workspace: Workspace
    theme: str = ""

    @property
    def root(self) -> Path:
        """The outermost folder that the deck may show files of."""
        folder = self.deck.parent.absolute()
        return self.workspace.root or repository_of(folder) or folder

    @property
    def is_trusted(self) -> bool:
        """Whether the deck may run scripts of its own."""
        return is_trusted(trusted_folder(self.deck.absolute(), self.workspace))


def read_whole(text: DeckText, places: Places) -> ParsedDeck:
    """Parse all of a deck's text, and find its problems. Raises DeckError."""
    source = with_pieces(_read(text, places.deck, places.workspace.config.shell))
    assert source.pieces is not None
    problems = lenient(source.deck.problems)
    pending = PendingBlocks()
    try:
        config = places.workspace.config
        problems = list(checked_text(source.deck, text, config))
        _pace_of(source.deck, places)
        settings = settings_of(source.deck, places.workspace)
        wants = machine_problems(CheckedDeck(source.deck, subjects(source.deck, text, config.terminal.cols)), settings)
        problems += lenient(wants, config.ignore)
        pending = pending_blocks(source.deck, places.recordings, settings)
    except CastdeckError as error:
        problems.append(error.problem)
    return ParsedDeck(
        source.pieces,
        source.wanted,
        source.entangled,
        tuple(fingerprint(slide) for slide in source.deck.slides),
        tuple(slide.line for slide in source.deck.slides),
        tuple(problems),
        pending.blocks,
        pending.names,
        pending.stale,
        pending.commands,
    )


def draw_slides(text: DeckText, places: Places, numbers: Sequence[int]) -> dict[int, Drawing]:
    """Render slides of a deck's text by number, from 0. Raises DeckError."""
    deck = _read(text, places.deck, places.workspace.config.shell).deck
    return {number: draw_slide(deck.slides[number], deck, places) for number in numbers if number < len(deck.slides)}


def draw_slide(slide: Slide, deck: Deck, places: Places) -> Drawing:
    """Render one slide of a deck, with the casts of its blocks that exist."""
    casts = {}
    if any(not block.skip for block in slide.blocks):
        pace = shown_pace(deck, places)
        casts = {block.name: cast for block in slide.blocks if (cast := _shown_cast(places, block, pace))}
    return draw(slide, places.deck, places.root, casts, scripts=places.is_trusted)


def block_cast(block: Block, deck: Deck, places: Places) -> Cast | None:
    """The cast that is shown for a block; None if it has no valid recording."""
    return _shown_cast(places, block, shown_pace(deck, places))


def shown_pace(deck: Deck, places: Places) -> Pace:
    """The pace of a deck's recordings; the default one if its setting is invalid."""
    try:
        return _pace_of(deck, places)
    except CastdeckError:
        return Pace()


def _pace_of(deck: Deck, places: Places) -> Pace:
    """The pace of a deck's recordings. Raises CastdeckError if its setting is invalid."""
    theme = deck_theme(deck.settings, places.workspace, places.theme)
    return pace_of(deck, places.workspace, theme.pace)


def _shown_cast(places: Places, block: Block, pace: Pace) -> Cast | None:
    """The cast that is shown for a block; None if it has no valid recording, or is hidden."""
    if block.hidden:
        return None
    try:
        return performed(_cast(places, block), block_pace(pace, block))
    except CastError:
        return None


def _cast(places: Places, block: Block) -> Cast:
    """The block's recording, or that of the same commands in a translation of the deck. Raises CastError."""
    if neighbours(places.recordings):
        size = places.workspace.config.terminal
        with suppress(CastdeckError):
            recordings = Recordings(places.recordings)
            borrow(recordings, block.name, own_key(block, size.cols, size.rows))
            if cast := recordings.cast(block.name):
                return cast
    return read_cast(places.recordings, block.name)


@lru_cache(maxsize=1)
def _read(text: DeckText, path: Path, shell: str) -> ParsedSource:
    return read(text.main, path, text.read_file, shell=shell)
