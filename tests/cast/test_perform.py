"""Recorded commands as a performance."""

from dataclasses import replace

import pytest

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event, format_cast
from castdeck.cast.perform import Pace, perform, with_pace

LS = RecordedCommand("$ ", ("ls é\r\n",), (Event(0.1, "o", "a\r\n"), Event(60.0, "o", "b\r\n")), 60.5, 0)
LOOP = RecordedCommand("$ ", ("for i in 1; do\r\n> ", "done\r\n"), (), 0.0, 0)
SESSION = RecordedSession((LS, LOOP), "$ ")


def test_the_same_commands_give_the_same_bytes() -> None:
    first, second = (format_cast(perform(SESSION, 80, 24, Pace())) for _ in range(2))
    assert first == second


def test_a_command_is_typed_with_the_same_hand_wherever_it_stands_and_another_with_another() -> None:
    gaps = [
        [round(b.time - a.time, 6) for a, b in zip(cast.events, cast.events[1:], strict=False)][1:6]
        for cast in (
            perform(RecordedSession((command,), "$ "), 80, 24, Pace()) for command in (LS, replace(LS, status=1), LOOP)
        )
    ]
    assert gaps[0] == gaps[1] != gaps[2]


def test_nothing_that_was_shown_is_lost() -> None:
    shown = "".join(event.data for event in perform(SESSION, 80, 24, Pace()).events if event.kind == "o")
    assert shown == "$ ls é\r\na\r\nb\r\n$ for i in 1; do\r\n> done\r\n$ "


def test_a_marker_stands_at_each_command() -> None:
    assert [marker.data for marker in perform(SESSION, 80, 24, Pace()).markers] == ["ls é", "for i in 1; do"]


def test_keys_come_one_by_one_and_time_never_goes_back() -> None:
    cast = perform(SESSION, 80, 24, Pace())
    assert [event.data for event in cast.events if event.kind == "o"][1:5] == ["l", "s", " ", "é"]
    assert [event.time for event in cast.events] == sorted(event.time for event in cast.events)


def test_comments_here_documents_and_long_lines_appear_at_once() -> None:
    document = ("cat >a <<'END' && x\r\n> ", "one line\r\n> ", "END\r\n")
    lines = [("# a comment\r\n",), document, (f"echo {'x' * 200}\r\n",)]
    session = RecordedSession(tuple(RecordedCommand("$ ", typed, (), 0.0, 0) for typed in lines), "$ ")
    shown = [event.data for event in perform(session, 80, 24, Pace()).events if event.kind == "o"]
    assert {"# a comment\r\n", "one line\r\n> ", "END\r\n", lines[2][0]} <= set(shown)
    assert "c" in shown


def test_typing_takes_only_so_long_however_much_there_is() -> None:
    session = RecordedSession((RecordedCommand("$ ", (f"echo {'word ' * 20}\r\n",), (), 0.0, 0),) * 30, "$ ")
    assert round(perform(session, 80, 24, Pace(before=0, read=0)).duration, 3) == Pace().typing
    assert perform(session, 80, 24, Pace(before=0, read=0, typing=1e6)).duration > 100


def test_a_long_silence_is_cut_to_the_limit() -> None:
    times = {event.data: event.time for event in perform(SESSION, 80, 24, Pace(idle=2.0)).events}
    assert round(times["b\r\n"] - times["a\r\n"], 6) == 2.0


def test_every_long_silence_of_a_command_is_cut() -> None:
    waits = replace(LS, output=tuple(Event(10.0 * n, "o", f"{n}\r\n") for n in (1, 2, 3)), seconds=40.0)
    events = perform(RecordedSession((waits,), "$ "), 80, 24, Pace(idle=2.0)).events
    times = [event.time for event in events if event.data in ("1\r\n", "2\r\n", "3\r\n")]
    assert [round(after - before, 6) for before, after in zip(times, times[1:], strict=False)] == [2.0, 2.0]


def test_a_command_that_shows_something_all_the_time_is_played_in_a_bearable_time() -> None:
    progress = tuple(Event(number / 10, "o", f"\r{number} %") for number in range(1200))
    session = RecordedSession((replace(LS, output=progress, seconds=120.0),), "$ ")
    cast = perform(session, 80, 24, Pace(longest=10, before=0, read=0))
    typed = perform(RecordedSession((replace(LS, output=(), seconds=0.0),), "$ "), 80, 24, Pace(before=0, read=0))
    assert round(cast.duration - typed.duration, 3) == 10


def test_twice_the_speed_takes_half_the_time() -> None:
    assert perform(SESSION, 80, 24, Pace(speed=2)).duration == perform(SESSION, 80, 24, Pace()).duration / 2


def test_settings_change_the_pace_and_a_wrong_one_is_named() -> None:
    assert [with_pace(Pace(), {"idle": idle}).idle for idle in (3, 0.5, 0)] == [3, 0.5, 0]
    with pytest.raises(ValueError, match="unknown setting 'idel' of pace: known are key, "):
        with_pace(Pace(), {"idel": 3})
    with pytest.raises(ValueError, match="speed: 0 of pace is not a number of at least 0.01"):
        with_pace(Pace(), {"speed": 0})


STEADY = Pace(
    key=0.1, key_spread=0, before=1, enter=0.5, typing=99, read=2, longest_read=99, idle=10, longest=99, speed=1
)


def performed(pace: Pace, *commands: RecordedCommand) -> list[tuple[float, str, str]]:
    cast = perform(RecordedSession(commands, "# "), 80, 24, pace, "a title")
    assert (cast.cols, cast.rows, cast.title) == (80, 24, "a title")
    assert perform(RecordedSession(commands, "# "), 80, 24, pace).title == ""
    return [(round(event.time, 6), event.kind, event.data) for event in cast.events]


def test_when_each_thing_is_shown() -> None:
    ls = RecordedCommand("$ ", ("ls\r\n",), (Event(0.5, "o", "a\r\n"), Event(1, "o", "b")), 3.0, 0)
    assert performed(STEADY, ls, replace(ls, prompt="> ", output=())) == [
        (0, "o", "$ "),
        (0, "m", "ls"),
        (1.1, "o", "l"),
        (1.2, "o", "s"),
        (1.7, "o", "\r\n"),
        (2.2, "o", "a\r\n"),
        (2.7, "o", "b"),
        (8.7, "o", "> "),  # 3 s after Enter, and 4 s to read two lines
        (8.7, "m", "ls"),
        (9.8, "o", "l"),
        (9.9, "o", "s"),
        (10.4, "o", "\r\n"),
        (15.4, "o", "# "),
    ]


def test_there_is_so_much_time_to_read_at_most() -> None:
    lines = RecordedCommand("$ ", ("ls\r\n",), (Event(0, "o", "a\r\n" * 9),), 1.0, 0)
    assert performed(replace(STEADY, longest_read=5), lines)[-1] == (7.7, "o", "# ")


def test_a_silence_before_the_end_is_cut_and_what_is_left_is_played_faster() -> None:
    slow = RecordedCommand("$ ", ("ls\r\n",), (Event(2.0, "o", "a"), Event(9.0, "o", "b")), 20.0, 0)
    shown = performed(replace(STEADY, idle=3, longest=4, read=0), slow)
    assert shown[5:] == [(2.7, "o", "a"), (4.2, "o", "b"), (5.7, "o", "# ")]  # 2, 3 and 3 s, in half the time


def test_typing_by_hand_is_sped_up_and_pasting_is_not() -> None:
    typed = RecordedCommand("$ ", ("cat <<X\r\n> ", "one\r\n> ", "X\r\n"), (), 0.0, 0)
    shown = performed(replace(STEADY, typing=0.6, read=0), typed)
    assert [(time, data) for time, _, data in shown[-5:]] == [
        (1.35, "X"),
        (1.6, "\r\n> "),
        (1.68, "one\r\n> "),
        (1.76, "X\r\n"),
        (1.76, "# "),
    ]


@pytest.mark.parametrize(
    ("lines", "pasted"),
    [
        (["# one", "ls", "  # two"], [True, False, True]),
        (["cat <<A <<'B'", "A", "b", "B", "ls"], [False, True, True, True, False]),
        (["cat <<-\\END", "\tEND", "ls"], [False, True, False]),
        (["cat <<<word", "word"], [False, False]),
        (["x" * 120, "x" * 121], [False, True]),
    ],
)
def test_which_lines_are_pasted(lines: list[str], pasted: list[bool]) -> None:
    typed = tuple(f"{line}\r\n" for line in lines)
    shown = {data for _, kind, data in performed(STEADY, RecordedCommand("$ ", typed, (), 0.0, 0)) if kind == "o"}
    assert [line in shown for line in typed] == pasted


def test_a_key_never_takes_less_than_a_quarter_of_the_mean() -> None:
    keys = performed(
        replace(STEADY, key_spread=5, typing=1e9), RecordedCommand("$ ", ("x" * 60 + "\r\n",), (), 0.0, 0)
    )[1:62]
    assert round(min(after[0] - before[0] for before, after in zip(keys[1:], keys[2:], strict=False)), 6) == 0.025


def test_a_sequence_that_colours_what_is_typed_is_one_key() -> None:
    shown = performed(STEADY, RecordedCommand("$ ", ("\x1b[1ml\x1b[0ms\x1bM\r\n",), (), 0.0, 0))
    assert [data for _, kind, data in shown if kind == "o"][1:-1] == ["\x1b[1m", "l", "\x1b[0m", "s", "\x1bM", "\r\n"]


def test_output_of_less_than_a_second_can_be_played_faster_too() -> None:
    quick = RecordedCommand("$ ", ("ls\r\n",), (Event(0.4, "o", "a"),), 0.8, 0)
    assert performed(replace(STEADY, longest=0.4, read=0), quick)[5:] == [(1.9, "o", "a"), (2.1, "o", "# ")]


def test_all_that_follows_a_line_appears_with_enter() -> None:
    shown = performed(STEADY, RecordedCommand("$ ", ("ls\r\nmore:\r\n> ", "x\r\n"), (), 0.0, 0))
    assert [data for _, kind, data in shown if kind == "o"][1:4] == ["l", "s", "\r\nmore:\r\n> "]
