"""What is observed of a terminal while a block runs."""

import pytest

from castdeck.record import witness
from castdeck.record.witness import Flood, Witness


def test_a_flood_says_how_much_is_too_much() -> None:
    assert str(Flood()) == "printed more than 64 MiB"


def test_a_flood_that_comes_piece_by_piece_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "_FLOOD", 10)
    shown: list[bytes] = []
    observed = Witness(lambda line: None, shown.append)
    observed.write(b"123456")
    observed.write(b"7890")
    with pytest.raises(Flood):
        observed.write(b"1")
    assert shown == [b"123456", b"7890"]
