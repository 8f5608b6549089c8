"""The pace of a performance: set by the theme, the workspace, the deck, the block, in that order."""

from pathlib import Path

import pytest

from castdeck.cast.perform import Pace
from castdeck.config import Config, PaceSettings
from castdeck.errors import DeckError
from castdeck.record.shown import block_pace, pace_of, shown_casts
from castdeck.record.store import Recordings
from castdeck.workspace import Workspace
from tests.record.made import a_block, a_deck, an_order, record_all

DECK = "---\npace: {idle: 3}\n---\n\n# A {#a}\n\n```bash\necho one\n```\n\n```bash {speed=2}\necho two\n```\n"


def test_the_nearest_setting_holds() -> None:
    theme = {"idle": 1, "key": 1, "read": 1}
    workspace = Workspace(None, Config(pace=PaceSettings(idle=2, key=2)))
    pace = pace_of(a_deck(DECK), workspace, theme)
    assert (pace.idle, pace.key, pace.read) == (3, 2, 1)
    assert block_pace(pace, a_block("x", "bash {idle=4 speed=3}")) == Pace(key=2, read=1, idle=4, speed=3)


def test_a_wrong_setting_is_named_where_it_stands() -> None:
    with pytest.raises(DeckError, match="deck.md:1: error: pace is a table of settings, not 3"):
        pace_of(a_deck("---\npace: 3\n---\n\n# A\n"), Workspace(None), {})


def test_another_pace_shows_the_same_recording_and_the_same_pace_the_same_bytes(tmp_path: Path) -> None:
    order = an_order(DECK, tmp_path)
    record_all(order)
    casts = [shown_casts(order.deck, Recordings(tmp_path), Pace(key=key)) for key in (0.05, 0.05, 0.2)]
    assert casts[0] == casts[1] != casts[2]
    texts = ["".join(event.data for event in cast["a-1"].events if event.kind == "o") for cast in casts]
    assert len(set(texts)) == 1
    assert casts[0]["a-2"].duration < casts[0]["a-1"].duration


def test_hidden_blocks_are_not_shown(tmp_path: Path) -> None:
    order = an_order(DECK.replace("speed=2", ".hidden"), tmp_path)
    record_all(order)
    assert list(shown_casts(order.deck, order.recordings, Pace())) == ["a-1"]
