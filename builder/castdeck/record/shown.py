"""The casts that are shown: recordings performed at the pace set by deck, workspace and block."""

from collections.abc import Mapping

from castdeck.cast.model import Cast
from castdeck.cast.perform import Pace, performed, with_pace
from castdeck.config import TerminalSize
from castdeck.deck.model import Block, Deck
from castdeck.errors import DeckError
from castdeck.record.key import own_key
from castdeck.record.neighbours import borrow
from castdeck.record.store import Recordings
from castdeck.workspace import Workspace

SIZE = TerminalSize()


def pace_of(deck: Deck, workspace: Workspace, theme: Mapping[str, float]) -> Pace:
    """The pace of a deck: `pace:` in the front matter overrides `[pace]` in castdeck.toml, which overrides `theme`.

    Raises DeckError for an invalid setting.
    """
    pace = with_pace(with_pace(Pace(), theme), workspace.config.pace.given())
    try:
        return with_pace(pace, _table(deck.settings.get("pace", {})))
    except ValueError as error:
        raise DeckError(str(error), path=deck.path, line=1) from error


def block_pace(pace: Pace, block: Block) -> Pace:
    """The pace of one block, overridden by its `idle=` and `speed=`."""
    own = {"idle": block.idle, "speed": block.speed}
    return with_pace(pace, {name: value for name, value in own.items() if value})


def shown_casts(deck: Deck, recordings: Recordings, pace: Pace, size: TerminalSize = SIZE) -> dict[str, Cast]:
    """The cast of each block with a recording, by block name; hidden blocks have none.

    `size` is that of the workspace's terminals, by which the same deck's recordings in other languages are known.
    """
    for block in deck.blocks:
        borrow(recordings, block.name, own_key(block, size.cols, size.rows))
    recorded = ((block, recordings.cast(block.name)) for block in deck.blocks if not block.hidden)
    return {block.name: performed(cast, block_pace(pace, block)) for block, cast in recorded if cast}


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"pace is a table of settings, not {value!r}")
    return value
