"""What a page says to a live terminal: only what castdeck's own page sends is read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castdeck.terminals import wire

_HELLO = b'h{"token":"t","id":"","block":"one-1","command":2,"cols":80,"rows":24,"from":7}'


def test_a_page_says_which_terminal_it_wants() -> None:
    assert wire.read(_HELLO) == wire.Hello("t", "", "one-1", 2, 80, 24, 7)


def test_what_is_typed_is_any_bytes() -> None:
    assert wire.read(b"i\x00\xff\x1b[A") == wire.Typed(b"\x00\xff\x1b[A")


def test_sizes_acknowledgements_and_questions_are_objects() -> None:
    assert wire.read(b'r{"cols":132,"rows":43}') == wire.Resize(132, 43)
    assert wire.read(b'a{"at":65536}') == wire.Shown(65536)
    assert wire.read(b'd{"do":"keep","commands":["ls"]}') == wire.Do("keep", {"do": "keep", "commands": ["ls"]})


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"h",
        b"h[]",
        b"z{}",
        b"r{}",
        b'r{"cols":1,"rows":24}',
        b'r{"cols":80,"rows":100000}',
        b'r{"cols":80.5,"rows":24}',
        b'r{"cols":true,"rows":24}',
        b'a{"at":-1}',
        b'a{"at":1e300}',
        b'd{"do":7}',
        b'h{"token":"' + b"x" * 400 + b'","cols":80,"rows":24}',
        b"d" + b"[" * 50_000,
        b"i" + b"x" * wire.MOST_SAID,
    ],
)
def test_anything_else_is_senseless(message: bytes) -> None:
    with pytest.raises(wire.Senseless):
        wire.read(message)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_senseless(message: bytes) -> None:
    with suppress(wire.Senseless):
        wire.read(message)
