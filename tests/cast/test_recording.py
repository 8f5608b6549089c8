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


MARK = "<mark>"


def flood(size: int, *, count: int = 4000) -> list[Event]:
    return [Event(n, "o", f"{n:0{size}}") for n in range(count)]


def test_of_a_flood_the_first_and_the_last_events_are_kept_with_the_time_of_the_note() -> None:
    kept = streamed([*flood(1000), Event(5000, "o", MARK), Event(5001, "o", "a")], [MARK])
    note = next(number for number, event in enumerate(kept) if "left out" in event.data)
    head, tail = kept[:note], kept[note + 1 : -2]
    assert [event.time for event in head] == list(range(361))  # 3/4 of LIMIT, without the room for a long event
    assert [event.time for event in tail] == list(range(4000 - 99, 4000))
    assert kept[note] == Event(
        4000 - 99, "o", "\r\n\x1b[0;7m[ 3.5 MB of output are left out of this recording ]\x1b[0m\r\n"
    )
    assert kept[-2:] == [Event(5000, "o", MARK), Event(5001, "o", "a")]


def test_what_is_not_too_long_is_kept_as_it_is() -> None:
    events = flood(1000, count=400)
    assert streamed(events, [MARK]) == events


def test_a_mark_begins_anew_even_where_it_is_split() -> None:
    parts = [*flood(1000, count=300), Event(300, "o", "x<ma"), Event(301, "o", "rk>"), *flood(1000, count=300)]
    assert streamed(parts, [MARK]) == parts
    assert len(streamed([*parts[:300], *parts[302:]], [MARK])) < 550


def test_a_recording_of_too_many_marks_is_an_error() -> None:
    events = [Event(0, "o", "x" * 1000), Event(0, "o", MARK)] * 100
    assert len(streamed(events, [MARK], most=1 << 20)) == 200
    with pytest.raises(CastError, match="^more than 0 MiB of output$"):
        streamed(events, [MARK], most=99_000)


def test_output_of_exactly_the_limit_is_whole() -> None:
    line = RecordedCommand("$ ", ("yes\r\n",), (Event(0.5, "o", "x" * 100),), 1.0, 0)
    session = RecordedSession((line, LOOP), "# ")
    assert capped(session, limit=100) == session
    cut, loop = capped(session, limit=50).commands
    assert loop == LOOP
    assert [event.data for event in cut.output] == [
        f"{'x' * 37}\r\n",
        "\x1b[0;7m[ 0.0 MB of output are left out of this recording ]\x1b[0m\r\n",
        "x" * 13,
    ]
    assert {event.time for event in cut.output} == {0.5}


def test_statuses_are_those_of_the_first_commands() -> None:
    commands = read_recording(recording(SESSION, 80, 24), (2, 7, 9)).commands
    assert [command.status for command in commands] == [2, 7]
    assert [command.status for command in read_recording(recording(SESSION, 80, 24)).commands] == [0, 0]


def test_a_command_without_its_input_is_none() -> None:
    events = recording(SESSION, 80, 24).events
    with pytest.raises(CastError, match="^a command without its input$"):
        read_recording(Cast(80, 24, (*events[:2], *events[3:])))
    with pytest.raises(CastError, match="^not a recording of commands$"):
        read_recording(Cast(80, 24, events[1:]))


def test_each_event_of_a_recording_has_its_time() -> None:
    assert [(event.time, event.kind, event.data) for event in recording(SESSION, 80, 24).events] == [
        (0, "o", "$ "),
        (0, "m", "ls é"),
        (0, "i", "ls é\r"),
        (0, "o", "ls \x1b[1mé\x1b[0m\r\n"),
        (0.1, "o", "a\r\n"),
        (60, "o", "b\r\n"),
        (60.5, "o", "$ "),
        (60.5, "m", "for i in 1; do"),
        (60.5, "i", "for i in 1; do\r"),
        (60.5, "o", "for i in 1; do\r\n> "),
        (60.5, "i", "done\r"),
        (60.5, "o", "done\r\n"),
        (60.75, "o", "# "),
    ]


def test_whole_events_that_fill_what_is_kept_exactly_are_the_last() -> None:
    lines = tuple(Event(n, "o", f"{n:023}\r\n") for n in range(10))
    (command,) = capped(
        RecordedSession((RecordedCommand("$ ", ("seq\r\n",), lines, 9.0, 0),), "$ "), limit=100
    ).commands
    note = Event(9, "o", "\x1b[0;7m[ 0.0 MB of output are left out of this recording ]\x1b[0m\r\n")
    assert command.output == (*lines[:3], note, replace_data(lines[9], ""))


def replace_data(event: Event, data: str) -> Event:
    return event._replace(data=data)


def test_input_in_another_place_is_none_of_a_recording() -> None:
    prompt, marker, *rest = recording(SESSION, 80, 24).events
    typed, echo, *output = rest[:4]
    for events in ((echo, typed, *output), (typed, echo, output[0], typed)):
        with pytest.raises(CastError, match="^a command without its input$"):
            read_recording(Cast(80, 24, (prompt, marker, *events, prompt)))
