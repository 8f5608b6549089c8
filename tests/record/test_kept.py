"""Which recordings from elsewhere castdeck would have kept itself."""

from pathlib import Path

import pytest

from castdeck.cast.marks import RecordedSession
from castdeck.cast.model import Cast, Event
from castdeck.cast.recording import recording
from castdeck.deck.model import Block
from castdeck.errors import RecordingError
from castdeck.record.kept import cast_of, is_recording_of
from castdeck.record.run import Run
from castdeck.record.store import Entry, Seen
from tests.record.made import a_block, ran, some_settings
from tests.shell_marks import ended

TWO = a_block("echo one\necho two")
CAST = recording(ran(TWO), 80, 24)


def kept(*statuses: int, cast: Cast | None = CAST, block: Block = TWO) -> bool:
    return is_recording_of(Entry("", "", "", {}, tuple(Seen("echo", status, 1.0) for status in statuses)), cast, block)


def test_every_command_has_to_have_its_marker_and_its_right_status() -> None:
    assert kept(0, 0)
    assert not kept(0, 1) and not kept(0) and not kept(0, 0, 0)
    assert kept(3, 3, block=a_block("echo one\necho two", "bash {exit=3}"))
    assert kept(3, 4, block=a_block("echo one\necho two", "bash {exit=any}"))
    assert kept(0, 130, block=a_block("echo one\ntail -f log\n#$ sendcontrol c"))


def test_only_a_hidden_block_has_no_cast() -> None:
    assert kept(0, 0, cast=None, block=a_block("echo one\necho two", "bash {.hidden}"))
    assert not kept(0, 0, cast=None)
    assert not kept(cast=Cast(80, 24, ()))


@pytest.mark.parametrize("cut", range(1, len(ended())))
def test_no_mark_may_be_left_in_it_however_it_is_cut(cut: int) -> None:
    marks = (Event(9.0, "o", ended()[:cut]), Event(9.1, "o", ended()[cut:]))
    assert not kept(0, 0, cast=Cast(80, 24, (*CAST.events, *marks)))


def test_a_cast_to_be_stored_has_commands_and_no_marks(tmp_path: Path) -> None:
    settings = some_settings(tmp_path)
    assert cast_of(Run(ran(TWO), 1.0), TWO, settings) == recording(ran(TWO), 80, 24)
    for session in (RecordedSession((), "$ "), ran(TWO, f"{ended()}\r\n")):
        with pytest.raises(RecordingError, match="a cast without commands, or with marks left in it\n  record again"):
            cast_of(Run(session, 1.0), TWO, settings)


def test_a_block_may_have_a_size_of_its_own(tmp_path: Path) -> None:
    block = a_block("echo one", "bash {cols=60 rows=9}")
    cast = cast_of(Run(ran(block), 1.0), block, some_settings(tmp_path))
    assert (cast.cols, cast.rows) == (60, 9)
