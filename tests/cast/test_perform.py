"""Recorded commands as a performance."""

from castdeck.cast.marks import Command, Session
from castdeck.cast.model import Event, format_cast
from castdeck.cast.perform import Pace, perform

LS = Command("$ ", ("ls é\r\n",), (Event(0.1, "o", "a\r\n"), Event(60.0, "o", "b\r\n")), 60.5, 0)
LOOP = Command("$ ", ("for i in 1; do\r\n> ", "done\r\n"), (), 0.0, 0)
SESSION = Session((LS, LOOP), "$ ")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, second, other = (format_cast(perform(SESSION, 80, 24, seed, Pace())) for seed in ("a", "a", "b"))
    assert first == second != other


def test_nothing_that_was_shown_is_lost() -> None:
    shown = "".join(event.data for event in perform(SESSION, 80, 24, "a", Pace()).events if event.kind == "o")
    assert shown == "$ ls é\r\na\r\nb\r\n$ for i in 1; do\r\n> done\r\n$ "


def test_a_marker_stands_at_each_command() -> None:
    assert [marker.data for marker in perform(SESSION, 80, 24, "a", Pace()).markers] == ["ls é", "for i in 1; do"]


def test_keys_come_one_by_one_and_time_never_goes_back() -> None:
    cast = perform(SESSION, 80, 24, "a", Pace())
    assert [event.data for event in cast.events if event.kind == "o"][1:5] == ["l", "s", " ", "é"]
    assert [event.time for event in cast.events] == sorted(event.time for event in cast.events)


def test_a_long_silence_is_cut_to_the_limit() -> None:
    times = {event.data: event.time for event in perform(SESSION, 80, 24, "a", Pace(idle=2.0)).events}
    assert round(times["b\r\n"] - times["a\r\n"], 6) == 2.0
