"""A deck in two languages: what one has recorded, the other shows and records no more."""

from pathlib import Path

import pytest

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.perform import Pace
from castdeck.cast.recording import recording
from castdeck.config import TerminalSize
from castdeck.deck import Block, Deck, parse_deck
from castdeck.record.key import first_key, next_key, own_key
from castdeck.record.neighbours import neighbours
from castdeck.record.plan import FRESH, NEW, planned_session
from castdeck.record.settings import settings_of
from castdeck.record.shown import shown_casts
from castdeck.record.store import Entry, Recordings
from castdeck.workspace import Workspace, deck_names, find_deck, find_workspace, languages

ENGLISH = "# Hello\n\n```bash\necho same\n```\n\n---\n\n# Two\n\n```bash\necho hello\n```\n"
FRENCH = "# Bonjour\n\n```bash\necho same\n```\n\n---\n\n# Deux\n\n```bash\necho bonjour\n```\n"


def written(root: Path) -> Workspace:
    (root / "slides/talk").mkdir(parents=True)
    (root / "castdeck.toml").write_text("")
    (root / "slides/talk/deck.en.md").write_text(ENGLISH)
    (root / "slides/talk/deck.fr.md").write_text(FRENCH)
    return find_workspace(root)


def keep_all(deck: Deck, recordings: Recordings, machine: str) -> None:
    """Keep a recording of each of a deck's blocks, as `record` does."""
    key, size = first_key(machine), TerminalSize()
    for block in deck.blocks:
        own = own_key(block, size.cols, size.rows)
        key = next_key(key, own)
        session = RecordedSession((RecordedCommand("$ ", (f"{block.lines[0].text}\r\n",), (), 0.2, 0),), "$ ")
        recordings.keep(block.name, Entry(key, own, machine), recording(session, 80, 24))


def states(deck: Deck, folder: Path, workspace: Workspace) -> list[str]:
    blocks: list[Block] = list(deck.blocks)
    return [one.state for one in planned_session(blocks, Recordings(folder), settings_of(deck, workspace))]


@pytest.fixture
def decks(tmp_path: Path) -> tuple[Workspace, Deck, Deck]:
    workspace = written(tmp_path)
    english, french = (parse_deck(text, Path(f"deck.{name}.md")) for name, text in (("en", ENGLISH), ("fr", FRENCH)))
    keep_all(english, Recordings(tmp_path / "recordings/talk.en"), settings_of(english, workspace).machine)
    return workspace, english, french


def test_each_language_is_a_deck_of_its_own(tmp_path: Path) -> None:
    workspace = written(tmp_path)
    assert deck_names(workspace) == ["talk.en", "talk.fr"]
    place = find_deck("talk.fr", workspace)
    assert place.recordings == tmp_path / "recordings/talk.fr"
    assert {name: path.name for name, path in languages(place).items()} == {
        "talk.en": "deck.en.md",
        "talk.fr": "deck.fr.md",
    }


def test_what_is_the_same_is_not_recorded_again(decks: tuple[Workspace, Deck, Deck], tmp_path: Path) -> None:
    workspace, english, french = decks
    assert states(english, tmp_path / "recordings/talk.en", workspace) == [FRESH, FRESH]
    assert states(french, tmp_path / "recordings/talk.fr", workspace) == [FRESH, NEW]
    shown = shown_casts(french, Recordings(tmp_path / "recordings/talk.fr"), Pace())
    assert [marker.data for name in shown for marker in shown[name].markers] == ["echo same"]
    assert not (tmp_path / "recordings/talk.fr").exists()


def test_other_decks_and_other_commands_are_not_borrowed(decks: tuple[Workspace, Deck, Deck], tmp_path: Path) -> None:
    workspace, _, french = decks
    assert states(french, tmp_path / "recordings/walk.fr", workspace) == [NEW, NEW]
    changed = parse_deck(FRENCH.replace("echo same", "echo other"), Path("deck.fr.md"))
    assert states(changed, tmp_path / "recordings/talk.fr", workspace) == [NEW, NEW]
    assert shown_casts(changed, Recordings(tmp_path / "recordings/talk.fr"), Pace()) == {}


def test_an_own_recording_takes_the_place_of_a_borrowed_one(
    decks: tuple[Workspace, Deck, Deck], tmp_path: Path
) -> None:
    workspace, _, french = decks
    folder = tmp_path / "recordings/talk.fr"
    keep_all(french, Recordings(folder), settings_of(french, workspace).machine)
    assert states(french, folder, workspace) == [FRESH, FRESH]
    shown = shown_casts(french, Recordings(folder), Pace())
    assert [marker.data for name in shown for marker in shown[name].markers] == ["echo same", "echo bonjour"]


def test_neighbours_are_folders_of_the_same_deck_and_no_links(tmp_path: Path) -> None:
    for name in ("here/talk.en", "here/talk.fr", "here/other.fr", "here/talk", "elsewhere/talk.it"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "index.json").write_text('{"version": 2, "blocks": {}}')
    (tmp_path / "here/talk.it").symlink_to(tmp_path / "elsewhere/talk.it")
    (tmp_path / "here/talk.de").write_text("")
    (tmp_path / "here/talk.es").mkdir()
    (tmp_path / "here/talk.es/index.json").write_text("{")
    found = neighbours(tmp_path / "here/talk.en")
    assert [one.folder.name for one in found] == ["talk", "talk.fr"]
    assert neighbours(tmp_path / "nowhere/talk.en") == []
