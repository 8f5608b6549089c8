"""What is shown of a deck's recordings: each one performed at the pace that its deck, workspace and block ask for."""

from collections.abc import Mapping

from castdeck.cast.model import Cast
from castdeck.cast.perform import Pace, performed, with_pace
from castdeck.deck.model import Block, Deck
from castdeck.errors import DeckError
from castdeck.record.store import Recordings
from castdeck.workspace import Workspace


def pace_of(deck: Deck, workspace: Workspace, theme: Mapping[str, float]) -> Pace:
    """The pace of a deck: its front matter's `pace:` over castdeck.toml's `[pace]` over those of `theme`.

    Raises DeckError for an invalid setting.
    """
    pace = with_pace(with_pace(Pace(), theme), workspace.config.pace.given())
    try:
        return with_pace(pace, _table(deck.settings.get("pace", {})))
    except ValueError as error:
        raise DeckError(str(error), path=deck.path, line=1) from error


def block_pace(pace: Pace, block: Block) -> Pace:
    """The pace of one block, whose `idle=` and `speed=` come first."""
    own = {"idle": block.idle, "speed": block.speed}
    return with_pace(pace, {name: value for name, value in own.items() if value})


def shown_casts(deck: Deck, recordings: Recordings, pace: Pace) -> dict[str, Cast]:
    """The performance of each block that has a recording, by the block's name; hidden blocks have none."""
    recorded = ((block, recordings.cast(block.name)) for block in deck.blocks if not block.hidden)
    return {block.name: performed(cast, block_pace(pace, block)) for block, cast in recorded if cast}


def _table(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError(f"pace is a table of settings, not {value!r}")
    return value
