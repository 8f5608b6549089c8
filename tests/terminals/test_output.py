"""What a live terminal has shown is shown again to whoever comes back, from the byte where they were."""

from hypothesis import given
from hypothesis import strategies as st

from castdeck.terminals.output import KEPT, Output


def _output(*parts: bytes) -> Output:
    output = Output()
    for number, part in enumerate(parts):
        output.add(part, float(number))
    return output


def test_a_page_gets_what_comes_after_the_bytes_that_it_has() -> None:
    output = _output(b"hello ", b"wor", b"ld")
    assert output.since(0, 100) == (0, b"hello world")
    assert output.since(7, 3) == (7, b"orl")
    assert output.since(11, 100) == (11, b"")


def test_what_trickles_in_is_one_part_of_a_recording() -> None:
    output = Output()
    for number, letter in enumerate(b"abc"):
        output.add(bytes([letter]), 1 + number / 1000)
    output.add(b"d", 2.0)
    assert [(event.time, event.data) for event in output.cast(80, 24).events] == [(0.0, "abc"), (1.0, "d")]


@given(st.lists(st.binary(min_size=1, max_size=20)), st.integers(0, 50), st.integers(1, 7))
def test_reading_on_in_any_steps_gives_every_byte_once(parts: list[bytes], at: int, most: int) -> None:
    whole = b"".join(parts)
    output, found = _output(*parts), b""
    at = min(at, len(whole))
    while (got := output.since(at + len(found), most)[1]) != b"":
        found += got
    assert found == whole[at:]


def test_what_is_long_past_is_forgotten_and_its_modes_are_set_again() -> None:
    output = _output(b"\x1b[?1049h\x1b[?1000;1006h\x1b[?25l", b"\x1b[?25", b"h", *[b"x" * 65536] * (KEPT // 65536 + 1))
    begin, data = output.since(0, 10)
    assert (begin, data) == (output.start, b"x" * 10)
    assert output.beginning == b"\x1bc\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[?25h"
    assert output.end - output.start <= KEPT


def test_nothing_is_reset_where_everything_is_there() -> None:
    assert _output(b"\x1b[?1049h").beginning == b""


def test_a_session_is_saved_as_a_recording_without_the_shells_marks() -> None:
    cast = _output("\x1b]133;B;aid=secret;\x07é".encode()[:-1], "é".encode()[-1:], b"ls\r\n").cast(80, 24)
    assert [(event.time, event.data) for event in cast.events] == [(0.0, ""), (1.0, "é"), (2.0, "ls\r\n")]
    assert (cast.cols, cast.rows) == (80, 24)
