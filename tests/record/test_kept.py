"""Which recordings from elsewhere castdeck would have kept itself."""

import pytest

from castdeck.cast.model import Cast, Event
from castdeck.cast.recording import recording
from castdeck.deck.model import Block
from castdeck.record.kept import is_recording_of
from castdeck.record.store import Entry, Seen
from tests.record.made import a_block, ran
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
