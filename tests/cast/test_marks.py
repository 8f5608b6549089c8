"""Commands found in raw recordings by the shell's marks."""

from castdeck.cast.marks import read_commands
from castdeck.cast.model import Event

A, B, C, MORE = "\x1b]133;A\x07", "\x1b]133;B\x07", "\x1b]133;C\x07", "\x1b]133;P;k=s\x07"


def ended(status: int = 0) -> str:
    return f"\x1b]133;D;{status}\x07"


def out(time: float, text: str) -> Event:
    return Event(time, "o", text)


def test_a_command_has_its_prompt_its_echo_its_output_and_its_status() -> None:
    session = read_commands(
        [out(0, f"{A}$ {B}"), out(1, f"false\r\n{C}"), out(3, "no\r\n"), out(4, f"{ended(1)}{A}$ {B}")]
    )
    (command,) = session.commands
    assert (command.prompt, command.typed, command.status) == ("$ ", ("false\r\n",), 1)
    assert command.output == (Event(2.0, "o", "no\r\n"),)
    assert session.prompt == "$ "


def test_a_command_lasts_from_its_own_start_mark_even_where_that_ends_an_event() -> None:
    events = [out(0, f"{A}$ {B}"), out(1, f"sleep 5\r\n{C}"), out(6, f"{ended()}{A}$ {B}")]
    assert read_commands(events).commands[0].seconds == 5


def test_a_mark_split_over_two_events_is_one_mark() -> None:
    whole = f"{A}$ {B}ls\r\n{C}a\r\n{ended()}{A}$ {B}"
    for cut in range(1, len(whole)):
        session = read_commands([out(0, whole[:cut]), out(1, whole[cut:])])
        assert "".join(event.data for event in session.commands[0].output) == "a\r\n"


def test_the_lines_of_one_command_stay_together() -> None:
    text = f"{A}$ {B}for i in 1; do\r\n> {MORE}echo\r\n> {MORE}done\r\n{C}\r\n{ended()}{A}$ {B}"
    (command,) = read_commands([out(0, text)]).commands
    assert command.typed == ("for i in 1; do\r\n> ", "echo\r\n> ", "done\r\n")


def test_a_comment_is_a_command_that_prints_nothing_and_an_empty_line_is_none() -> None:
    text = f"{A}$ {B}\r\n{ended()}{A}$ {B}# note\r\n{ended()}{A}$ {B}"
    (command,) = read_commands([out(0, text)]).commands
    assert (command.typed, command.output) == (("# note\r\n",), ())


def test_a_command_that_never_ended_is_left_out() -> None:
    assert read_commands([out(0, f"{A}$ {B}sleep 9\r\n{C}")]).commands == ()


def test_window_titles_are_taken_out() -> None:
    text = f"{A}\x1b]0;student@docker: ~\x07$ {B}ls\r\n{C}\x1b]2;x\x1b\\a\r\n{ended()}{A}$ {B}"
    (command,) = read_commands([out(0, text)]).commands
    assert (command.prompt, command.output[0].data) == ("$ ", "a\r\n")
