"""Where a live terminal begins: after the commands that the slide has shown."""

from pathlib import Path

import pytest

from castdeck.cast.model import Cast, Event
from castdeck.deck import Deck, parse_deck
from castdeck.errors import WorkspaceError
from castdeck.record.plan import plan
from castdeck.record.settings import Settings, settings_of
from castdeck.record.store import Recordings
from castdeck.terminals.place import start_at
from castdeck.workspace import Workspace

_TEXT = """# One

```bash
one
```

```bash
echo 2
#$ expect x
echo 3
```

```bash {session=other}
four
```

```bash {.norun}
five
```
"""
_CAST = Cast(
    80,
    24,
    tuple(
        Event(time, kind, data)
        for time, kind, data in [
            (0.0, "o", "$ "),
            (0.0, "m", "echo 2"),
            (0.1, "o", "echo 2\r\n"),
            (0.2, "o", "2\r\n"),
            (1.0, "o", "$ "),
            (1.0, "m", "echo 3"),
            (1.1, "o", "echo 3\r\n"),
            (1.2, "o", "3\r\n"),
            (2.0, "o", "$ "),
        ]
    ),
)


@pytest.fixture
def deck() -> Deck:
    return parse_deck(_TEXT, Path("deck.md"))


@pytest.fixture
def settings(deck: Deck) -> Settings:
    return settings_of(deck, Workspace(None))


def test_after_the_last_command_all_of_the_block_has_run(deck: Deck, settings: Settings) -> None:
    start = start_at(deck, settings, "one-2", _CAST, 2)
    assert [one.block.name for one in start.before] == ["one-1", "one-2"]
    assert start.part is None
    assert start.shown == b"$ echo 2\r\n2\r\n$ echo 3\r\n3\r\n"


def test_before_the_first_command_nothing_of_the_block_has_run(deck: Deck, settings: Settings) -> None:
    start = start_at(deck, settings, "one-2", _CAST, 0)
    assert ([one.block.name for one in start.before], start.part, start.shown) == (["one-1"], None, b"")


def test_between_two_commands_the_first_has_run_with_its_directives(deck: Deck, settings: Settings) -> None:
    start = start_at(deck, settings, "one-2", _CAST, 1)
    assert start.part and [line.text for line in start.part.lines] == ["echo 2", "#$ expect x"]
    assert [one.block.name for one in start.before] == ["one-1"]
    assert start.shown == b"$ echo 2\r\n2\r\n"


def test_a_block_without_a_recording_runs_whole_or_not_at_all(deck: Deck, settings: Settings) -> None:
    assert [len(start_at(deck, settings, "one-1", None, number).before) for number in (0, 1)] == [0, 1]


def test_only_blocks_of_the_same_session_count(deck: Deck, settings: Settings) -> None:
    assert [one.block.name for one in start_at(deck, settings, "one-3", None, 1).before] == ["one-3"]


def test_the_state_is_the_one_that_recording_keeps(deck: Deck, settings: Settings, tmp_path: Path) -> None:
    planned = {one.block.name: one.key for one in plan(deck, Recordings(tmp_path), settings).blocks}
    for name, key in planned.items():
        assert start_at(deck, settings, name, None, 1).key == key


@pytest.mark.parametrize(("name", "why"), [("one-4", "not run"), ("gone", "no such terminal")])
def test_what_does_not_run_can_not_be_taken_over(deck: Deck, settings: Settings, name: str, why: str) -> None:
    with pytest.raises(WorkspaceError, match=why):
        start_at(deck, settings, name, None, 1)
