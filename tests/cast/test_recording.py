"""A session kept as a cast, and found in it again; what is left out of one that is too long."""

import pytest

from castdeck.cast.cap import LIMIT, capped, streamed
from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Cast, CastError, Event, format_cast, parse_cast
from castdeck.cast.recording import read_recording, recording

LS = RecordedCommand("$ ", ("ls \x1b[1mé\x1b[0m\r\n",), (Event(0.1, "o", "a\r\n"), Event(60.0, "o", "b\r\n")), 60.5, 2)
LOOP = RecordedCommand("$ ", ("for i in 1; do\r\n> ", "done\r\n"), (), 0.25, 0)
SESSION = RecordedSession((LS, LOOP), "# ")


def test_a_session_is_found_again_in_its_cast_with_all_its_times() -> None:
    cast = parse_cast(format_cast(recording(SESSION, 80, 24, "x-1")))
    assert read_recording(cast, (2, 0)) == SESSION
    assert (cast.cols, cast.rows, cast.title) == (80, 24, "x-1")


def test_what_was_typed_is_in_the_cast_as_input() -> None:
    typed = [event.data for event in recording(SESSION, 80, 24).events if event.kind == "i"]
    assert typed == ["ls é\r", "for i in 1; do\r", "done\r"]


@pytest.mark.parametrize(
    "events",
    [
        (),
        (Event(0, "o", "x"),),
        (Event(0, "o", "$ "), Event(0, "m", "ls")),
        (Event(0, "m", "ls"), Event(0, "o", "$ ")),
        (Event(0, "o", "$ "), Event(0, "m", "ls"), Event(1, "o", "ls\r\n")),
        (Event(0, "o", "x"), *recording(SESSION, 80, 24).events),
        (*recording(SESSION, 80, 24).events[:-1], Event(99, "i", "# ")),
    ],
)
def test_another_cast_is_no_recording(events: tuple[Event, ...]) -> None:
    with pytest.raises(CastError):
        read_recording(Cast(80, 24, events))


def test_long_output_keeps_its_beginning_and_its_end_and_says_what_is_missing() -> None:
    lines = tuple(Event(number / 100, "o", f"line {number}\r\n") for number in range(10_000))
    (command,) = capped(
        RecordedSession((RecordedCommand("$ ", ("seq\r\n",), lines, 100.0, 0),), "$ "), limit=10_000
    ).commands
    text = "".join(event.data for event in command.output)
    assert text.startswith("line 0\r\nline 1\r\n") and text.endswith("line 9998\r\nline 9999\r\n")
    assert "[ 0.1 MB of output are left out of this recording ]" in text
    assert len(text) < 10_200
    times = {event.data: event.time for event in command.output}
    assert all(f"line {round(time * 100)}\r\n" == line for line, time in times.items() if line.startswith("line"))


def test_one_endless_line_is_cut_too() -> None:
    line = (Event(0.0, "o", "x" * 100_000),)
    (command,) = capped(
        RecordedSession((RecordedCommand("$ ", ("yes\r\n",), line, 1.0, 0),), "$ "), limit=1_000
    ).commands
    assert len("".join(event.data for event in command.output)) < 1_200


def test_what_is_left_of_long_output_are_whole_lines_and_the_note_says_how_much_is_missing() -> None:
    numbers = range(100_000, 200_000)
    lines = tuple(Event(n / 100, "o", "".join(f"{n + k}\r\n" for k in range(100))) for n in numbers[::100])
    (command,) = capped(RecordedSession((RecordedCommand("$ ", ("seq\r\n",), lines, 100.0, 0),), "$ ")).commands
    text = "".join(event.data for event in command.output)
    assert "[ 0.3 MB of output are left out of this recording ]" in text  # of 0.8
    head, tail = ([int(line) for line in part.split() if line.isdigit()] for part in text.split("[ 0.3 MB"))
    assert head == list(numbers[: len(head)]) and tail == list(numbers[-len(tail) :])
    shown = [(event.time, event.data.split()[0]) for event in command.output if event.data.strip()]
    assert all(time == int(first) // 100 for time, first in shown if first.isdigit())


def test_a_flood_is_cut_while_it_comes_and_the_note_says_how_much_is_missing() -> None:
    flood = [Event(n, "o", "x" * 1000) for n in range(3000)]
    text = "".join(event.data for event in streamed(flood, ["<mark>"]))
    assert "[ 2.5 MB of output are left out of this recording ]" in text
    assert LIMIT * 0.8 < text.count("x") < LIMIT
