"""Long work on a large deck, as functions for a separate process, where it does not delay saves.

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
    """The result of parsing a whole deck: fingerprint and line of each slide, and the deck's problems.

    `blocks` are the names of the runnable blocks, `pending` of those to record, `stale` of those among them that were
    recorded before; `commands` is a hash of everything that recordings depend on.
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
    """Where a deck's files are: its own, its recordings, and its workspace with what castdeck.toml says.

    `theme` is the one that was asked for beside the deck's own.
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
    """Read a deck's text. Raises DeckError."""
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
    """Draw the slides of those numbers (from 0) of a deck's text. Raises DeckError."""
    deck = _read(text, places.deck, places.workspace.config.shell).deck
    return {number: draw_slide(deck.slides[number], deck, places) for number in numbers if number < len(deck.slides)}


def draw_slide(slide: Slide, deck: Deck, places: Places) -> Drawing:
    """Draw one slide of a deck, with the casts of its blocks that are there."""
    casts = {}
    if any(not block.skip for block in slide.blocks):
        pace = shown_pace(deck, places)
        casts = {block.name: cast for block in slide.blocks if (cast := _shown_cast(places, block, pace))}
    return draw(slide, places.deck, places.root, casts, scripts=places.is_trusted)


def block_cast(block: Block, deck: Deck, places: Places) -> Cast | None:
    """What is shown of a block's recording; None where there is no good one."""
    return _shown_cast(places, block, shown_pace(deck, places))


def shown_pace(deck: Deck, places: Places) -> Pace:
    """The pace that a deck asks for; the default one where its setting is wrong."""
    try:
        return _pace_of(deck, places)
    except CastdeckError:
        return Pace()


def _pace_of(deck: Deck, places: Places) -> Pace:
    """Raises CastdeckError."""
    theme = deck_theme(deck.settings, places.workspace, places.theme)
    return pace_of(deck, places.workspace, theme.pace)


def _shown_cast(places: Places, block: Block, pace: Pace) -> Cast | None:
    """What is shown of a block's recording; None where there is no good one."""
    if block.hidden:
        return None
    try:
        return performed(_cast(places, block), block_pace(pace, block))
    except CastError:
        return None


def _cast(places: Places, block: Block) -> Cast:
    """The block's recording, or that of the same commands in another language. Raises CastError."""
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
