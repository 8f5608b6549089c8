"""Recordings on disk: nothing good is lost."""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from castdeck.cast.model import Cast, Event
from castdeck.cast.recording import recording
from castdeck.codes import Code
from castdeck.errors import RecordingError
from castdeck.record.store import Entry, Recordings
from tests.record.made import a_block, ran

ENTRY = Entry("key", "own", "machine")


def a_cast(word: str) -> Cast:
    return recording(ran(a_block(f"echo {word}"), f"{word}\r\n"), 80, 24)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recordings = Recordings(tmp_path)
    for word in ("one", "two"):
        recordings.keep(word, Entry(f"key-{word}", "own", "machine"), a_cast(word))
    return tmp_path


def printed(folder: Path, name: str) -> str:
    cast = Recordings(folder).cast(name)
    return "".join(event.data for event in cast.events if event.kind == "o") if cast else ""


@contextmanager
def full_disk() -> Iterator[None]:
    """No file can grow beyond 10 bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_what_was_kept_is_there_for_the_next_castdeck(folder: Path) -> None:
    assert printed(folder, "one") == "$ echo one\r\none\r\n$ "
    entry = Recordings(folder).entry("one")
    assert entry and (entry.key, entry.own, entry.machine) == ("key-one", "own", "machine")


def test_in_the_index_each_value_has_its_line_so_that_a_diff_of_it_can_be_read(folder: Path) -> None:
    lines = (folder / "index.json").read_text(encoding="utf-8").splitlines()
    assert ' "blocks": {' in lines and '   "key": "key-one",' in lines


def test_on_a_full_disk_the_old_recording_stays_and_the_error_says_what_to_do(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    recordings = Recordings(folder)
    with full_disk(), pytest.raises(RecordingError) as error:
        recordings.keep("one", ENTRY, a_cast("other"))
    place = folder / "one.cast"
    assert str(error.value).startswith(
        f"{place}: error: one.cast could not be written: File too large\n  free some space"
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_an_error_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "casts").write_text("a file")
    with pytest.raises(RecordingError, match="one.cast could not be written: File exists"):
        Recordings(tmp_path / "casts").keep("one", ENTRY, a_cast("one"))


def test_names_can_be_swapped(folder: Path) -> None:
    Recordings(folder).rename({"one": "two", "two": "one"}, {"one", "two"})
    assert "two\r\n" in printed(folder, "one") and "one\r\n" in printed(folder, "two")


def test_an_old_name_goes_unless_another_block_has_it(folder: Path) -> None:
    Recordings(folder).rename({"three": "two", "four": "one"}, {"three", "four", "one"})
    assert sorted(path.name for path in folder.iterdir()) == ["four.cast", "index.json", "one.cast", "three.cast"]
    assert sorted(json.loads((folder / "index.json").read_text())["blocks"]) == ["four", "one", "three"]


def test_any_text_that_a_terminal_shows_can_be_kept(tmp_path: Path) -> None:
    shown = "a\u2028b\x85c\x0b\x0c\x1c\u00e9\U0001f433 \x1b[1m\x00\r\n"
    Recordings(tmp_path).keep("odd", ENTRY, recording(ran(a_block("odd"), shown), 80, 24))
    assert shown in printed(tmp_path, "odd")
    assert Recordings(tmp_path).holder("odd", "key") == "odd"


@pytest.mark.parametrize(
    ("index", "message"),
    [
        ("", "not an index of recordings (Input data was truncated)"),
        ("[]", "not an index of recordings (Expected `object`, got `array`)"),
        (
            '{"version": 2, "blocks": {"a": {}}}',
            "not an index of recordings (Object missing required field `key` - at `$.blocks[...]`)",
        ),
        ('{"version": "2", "blocks": {}}', "not an index of recordings (Expected `int`, got `str` - at `$.version`)"),
    ],
)
def test_an_index_that_is_none_says_how_to_go_on(tmp_path: Path, index: str, message: str) -> None:
    (tmp_path / "index.json").write_text(index)
    with pytest.raises(RecordingError) as error:
        Recordings(tmp_path)
    assert f"{tmp_path / 'index.json'}: error: {message}" in str(error.value)
    assert str(error.value).endswith("\n  restore it from git, or delete it to record again")
    assert error.value.problem.code is Code.INVALID_RECORDINGS


def test_an_index_of_a_newer_castdeck_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text('{"version": 3, "blocks": {}}')
    with pytest.raises(
        RecordingError, match="index of version 3, this castdeck reads 2\n  use the castdeck that wrote it"
    ):
        Recordings(tmp_path)


def test_a_recording_in_another_form_is_not_shown(folder: Path) -> None:
    path = folder / "one.cast"
    path.write_text('{"version": 2, "width": 80, "height": 24}\n[0.1, "o", "x"]\n')
    assert Recordings(folder).cast("one") is None


def test_two_states_that_are_the_same_are_two_recordings(folder: Path) -> None:
    recordings = Recordings(folder)
    recordings.keep("same", Entry("key-one", "own", "machine"), Cast(80, 24, (Event(0, "o", "x"),)))
    assert recordings.holder("one", "key-one") == "one"
