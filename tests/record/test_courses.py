"""The courses in `slides/`: every block has a recording, of just the commands that stand in the deck."""

from pathlib import Path

import pytest

from castdeck.cast.recording import label, read_recording
from castdeck.deck.parse import parse_deck
from castdeck.record.drift import lines_of
from castdeck.record.kept import is_recording_of
from castdeck.record.order import Order
from castdeck.record.plan import Planned
from castdeck.record.settings import settings_of
from castdeck.record.store import Recordings
from castdeck.workspace import find_deck, find_workspace

ROOT = Path(__file__).parents[2]
COURSES = sorted(path.parent.name for path in ROOT.glob("slides/*/deck.md"))


@pytest.fixture(params=COURSES)
def course(request: pytest.FixtureRequest) -> Order:
    """A course with its recordings."""
    workspace = find_workspace(ROOT)
    place = find_deck(request.param, workspace)
    deck = parse_deck(place.path.read_text(encoding="utf-8"), place.path)
    return Order(deck, Recordings(place.recordings), settings_of(deck, workspace))


def _is_recorded(course: Order, planned: Planned) -> bool:
    """Whether the recording is of the block's commands, each shown as it was typed and with the right status."""
    entry, cast = course.recordings.entry(planned.kept_as), course.recordings.whole_cast(planned.kept_as)
    if entry is None or entry.own != planned.own or not is_recording_of(entry, cast, planned.block):
        return False
    session = read_recording(cast) if cast else None
    return session is None or all(
        "".join(label(command).split()) == "".join(line.text.split())
        for (line, *_), command in zip(lines_of(planned.block, session), session.commands, strict=True)
    )


def test_each_block_is_recorded_as_it_stands(course: Order) -> None:
    assert [planned.block.name for planned in course.plan().blocks if not _is_recorded(course, planned)] == []


def test_no_recording_shows_what_castdeck_types_for_itself(course: Order) -> None:
    assert [path.name for path in course.recordings.folder.glob("*.cast") if "PS1" in path.read_text()] == []


@pytest.mark.parametrize("name", COURSES)
def test_the_readme_names_each_course(name: str) -> None:
    assert f"(slides/{name}/deck.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
