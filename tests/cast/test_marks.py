"""Commands found in raw recordings by the shell's marks."""

import pytest

from castdeck.cast.marks import Entered, NotFound, RecordedSession, read_commands
from castdeck.cast.model import Event
from castdeck.marks import ACCEPTED, NEW_SHELL, READY, Marks
from tests.shell_marks import MARKS, MORE, ended, entered, prompt

BEGIN = entered() + prompt()


def out(time: float, text: str) -> Event:
    return Event(time, "o", text)


def read(*events: Event | str, entered: tuple[Entered, ...] = (), line: str = "ls") -> RecordedSession:
    entered = entered or (Entered((line,), shown=True),)
    timed = [event if isinstance(event, Event) else out(0, event) for event in (BEGIN, *events)]
    return read_commands(timed, MARKS, (Entered(), *entered))


def shown(*statuses: int) -> tuple[Entered, ...]:
    return tuple(Entered(("false",), status, shown=True) for status in statuses)


def test_a_command_has_its_prompt_its_echo_its_output_and_its_status() -> None:
    session = read(out(1, entered("false")), out(3, "no\r\n"), out(4, prompt(1, 2)), entered=shown(1))
    (command,) = session.commands
    assert (command.prompt, command.typed, command.status) == ("$ ", ("false\r\n",), 1)
    assert command.output == (Event(2.0, "o", "no\r\n"),)
    assert session.prompt == "$ "


def test_a_command_lasts_from_its_own_start_even_where_that_ends_an_event() -> None:
    assert read(out(1, entered("sleep 5")), out(6, prompt(number=2)), line="sleep 5").commands[0].seconds == 5


def test_a_mark_split_over_two_events_is_one_mark() -> None:
    whole = entered("ls") + "a\r\n" + prompt(number=2)
    for cut in range(1, len(whole)):
        session = read(whole[:cut], out(1, whole[cut:]))
        assert "".join(event.data for event in session.commands[0].output) == "a\r\n"


def test_the_lines_of_one_command_stay_together() -> None:
    text = entered("for i in 1; do") + MORE + entered("echo") + MORE + entered("done") + "\r\n" + prompt(number=2)
    (command,) = read(text, entered=(Entered(("for i in 1; do", "echo", "done"), shown=True),)).commands
    assert command.typed == ("for i in 1; do\r\n> ", "echo\r\n> ", "done\r\n")


def test_what_is_not_shown_is_cut_but_for_messages_of_jobs_that_ended() -> None:
    job = "[1]+  Done                    sleep 1\r\n"
    session = read(
        entered(" secret") + f"+ trace\r\n{job}" + prompt(number=2),
        entered("ls") + "a\r\n" + prompt(number=3),
        entered=(Entered(), Entered(shown=True)),
    )
    assert session.commands[0].prompt == f"{job}$ "


def test_a_prompt_with_something_before_its_marks_is_whole() -> None:
    venv = prompt(number=2).replace(READY, f"{READY}(venv) ")
    assert read(entered(". venv/bin/activate") + venv, line=". venv/bin/activate").prompt == "(venv) $ "


def test_a_line_that_gave_a_prompt_its_marks_back_is_cut() -> None:
    opening = entered(MARKS.opening) + prompt(number=3, text="> ")
    session = read(entered("PS1='> '") + f"{READY}> {opening}", entered=(Entered(shown=True, opening=" eval '"),))
    assert (session.commands[0].output, session.prompt) == ((), "> ")


def test_a_shell_that_ended_ends_its_last_command() -> None:
    new = f"logout\r\n\x1b]133;L;3\x07{READY}$ " + entered(MARKS.opening) + prompt(number=2, pid=8)
    session = read(entered("exit 3") + new, entered=(Entered(("exit 3",), 3, shown=True), Entered()))
    assert NEW_SHELL.search(new)
    assert "".join(event.data for event in session.commands[0].output) == "logout\r\n"
    assert (session.commands[0].status, session.prompt) == (3, "$ ")


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        (f"PS1='\\[\\e]133;D;$?;n=\\#;pid=$$;aid={MARKS.secret};\\a\\]\\u:\\$ '\r\n", "PS1='\\u:\\$ '\r\n"),
        (f"\x01{ended(0, 1)}\x02$ \r\n", "$ \r\n"),
        (f'"\\\\[\\\\e]133;B;aid={MARKS.secret};\\\\a\\\\]"\r\n', '""\r\n'),
        ("\x1b]0;a title\x07text\r\n", "text\r\n"),
        ("\x1b]0;a title that has no end", ""),
        ("text\x1b[3", "text"),
    ],
)
def test_marks_titles_and_sequences_without_an_end_are_taken_out_of_what_is_printed(printed: str, kept: str) -> None:
    half = len(printed) // 2
    session = read(entered("x") + printed[:half], out(1, printed[half:] + prompt(number=2)), line="x")
    assert "".join(event.data for event in session.commands[0].output) == kept
    assert session.prompt == "$ "


def test_a_recording_that_shows_another_line_than_was_entered_is_none() -> None:
    with pytest.raises(NotFound, match="not the line that was entered"):
        read(entered(MARKS.opening) + prompt(number=2), entered("ls") + prompt(number=3))


def test_a_recording_in_which_something_is_missing_is_none() -> None:
    with pytest.raises(NotFound, match="^a command that has no end$"):
        read(entered("sleep 9"))
    with pytest.raises(NotFound, match="^a line that was entered is missing$"):
        read(entered("ls") + prompt(number=2), entered=(Entered(("ls",), shown=True),) * 2)


def test_a_line_over_several_rows_is_as_it_was_entered_and_not_as_a_line_editor_draws_it() -> None:
    line = "echo " + "word " * 30
    drawn = f"{line[:90]} \r\x1b[A\x1b[C\x1b[C\x1b[K{line[90:]}"
    session = read(entered(drawn) + prompt(number=2), entered=(Entered((line,), shown=True),))
    assert session.commands[0].typed == (f"{line}\r\n",)


def outputs(session: RecordedSession) -> list[str]:
    return ["".join(event.data for event in command.output) for command in session.commands]


def test_a_shell_that_draws_its_line_anew_says_where_each_output_begins() -> None:
    def run(line: str, printed: str, number: int) -> str:
        return f"{entered(line)}{line}\r\n{MARKS.output_begin}{printed}{prompt(number=number)}"

    both = Entered(("ls",), shown=True), Entered(("pwd",), shown=True)
    assert outputs(read(run("ls", "a\r\n", 2), run("pwd", "/root\r\n", 3), entered=both)) == ["a\r\n", "/root\r\n"]


def test_each_command_that_took_the_marks_away_ends_at_the_prompt_of_its_own() -> None:
    def run(line: str, printed: str, number: int) -> str:
        return f"{entered(line)}{printed}\x1b[?2004h> {entered(MARKS.opening)}{prompt(number=number, text='> ')}"

    both = (Entered(("PS1=a",), shown=True, opening=" eval '"), Entered(("PS1=b",), shown=True, opening=" eval '"))
    session = read(run("PS1=a", "one\r\n", 3), run("PS1=b", "two\r\n", 5), entered=both)
    assert outputs(session) == ["one\r\n", "two\r\n"]
    assert [command.prompt for command in session.commands] == ["$ ", "> "]


def test_the_prompt_of_a_program_without_marks_is_the_last_one_that_it_shows() -> None:
    text = entered("show prompt") + "it is db=> now\r\ndb=> " + MARKS.told(0, 7)
    session = read(text, entered=(Entered(("show prompt",), shown=True, drawn="db=> "),))
    assert (outputs(session), session.prompt) == (["it is db=> now\r\n"], "db=> ")


def test_a_prompt_that_is_drawn_again_hides_no_other_line() -> None:
    again = prompt(number=2, text="ls $ ") * 3
    with pytest.raises(NotFound, match="not the line that was entered"):
        read(entered() + again, entered("rm") + prompt(number=3), entered=(Entered(), *(Entered(("ls",), shown=True),)))


def test_a_recording_that_ends_within_a_prompt_has_what_was_shown_of_it() -> None:
    session = read(entered("ls") + "a\r\n" + prompt(number=2).removesuffix(MARKS.prompt_end))
    assert session.prompt == "$ "


def test_an_abbreviation_in_a_loop_is_not_looked_for_in_the_output() -> None:
    lines = ("while true", "zz", "end")
    drawn = [
        entered("while true") + MORE,
        entered("sleep 1") + MORE,
        entered("end"),
        "fizz, buzz\r\n",
        prompt(number=2),
    ]
    session = read("".join(drawn), entered=(Entered(lines, shown=True),))
    assert outputs(session) == ["fizz, buzz\r\n"]


def test_a_terminal_without_a_line_editor_may_show_a_line_over_several_rows() -> None:
    shown = "echo a-long-word an\r\nother-word\r\n"
    session = read(
        f"{shown}a-long-word\r\n{prompt(number=2)}",
        entered=(Entered(("echo a-long-word another-word",), 0, True, True),),
    )
    assert outputs(session) == ["a-long-word\r\n"]


def test_each_output_keeps_its_time_where_something_before_it_is_taken_out() -> None:
    title = "\x1b]0;a title\x07"
    events = [out(1, f"{title}a\r\n"), out(2, f"{title}{title}b\r\n"), out(3, "c\r\n")]
    session = read(out(0, entered("ls")), *events, out(4, prompt(number=2)))
    assert session.commands[0].output == (out(1, "a\r\n"), out(2, "b\r\n"), out(3, "c\r\n"))


def test_a_terminal_without_a_line_editor_may_begin_with_an_empty_line() -> None:
    plain = Entered(plain=True), Entered(("ls",), 0, True, True)
    events = [out(0, "\r\n" + prompt()), out(1, "ls\r\na\r\n" + prompt(number=2))]
    assert outputs(read_commands(events, MARKS, plain)) == ["a\r\n"]


def test_what_a_line_editor_draws_anew_before_its_prompt_is_no_output() -> None:
    session = read(entered("1 + 1") + "2\r\n\x1b[1G\x1b[0J" + prompt(number=2), line="1 + 1")
    assert outputs(session) == ["2\r\n"]


def test_control_characters_of_a_line_are_shown_as_the_terminal_echoes_them() -> None:
    assert read(entered("a^Ab") + prompt(number=2), line="a\x01b").commands[0].typed == ("a^Ab\r\n",)


def test_marks_of_a_line_editor_are_no_output() -> None:
    session = read(out(1, entered("ls")), out(2, f"a\r\n{ACCEPTED}b\r\n"), out(3, prompt(number=2)))
    assert outputs(session) == ["a\r\nb\r\n"]


def test_jobs_that_ended_during_several_lines_that_are_not_shown_are_all_told() -> None:
    jobs = [f"[{number}]+  Done                    sleep {number}\r\n" for number in (1, 2)]
    session = read(
        entered(" one") + jobs[0] + prompt(number=2),
        entered(" two") + jobs[1] + prompt(number=3),
        entered("ls") + "a\r\n" + prompt(number=4),
        entered=(Entered(), Entered(), Entered(("ls",), shown=True)),
    )
    assert session.commands[0].prompt == f"{jobs[0]}{jobs[1]}$ "


def test_the_new_line_that_zsh_begins_after_an_accepted_line_is_no_output() -> None:
    for new_line in ("\r\n", ""):
        assert outputs(read(f"ls{ACCEPTED}{new_line}", "a\r\n" + prompt(number=2))) == ["a\r\n"]


def test_what_was_printed_before_a_shell_ended_is_output_whatever_it_holds() -> None:
    new = f"saved{READY}logout\r\n\x1b]133;L;0\x07{READY}$ " + entered(MARKS.opening) + prompt(number=2, pid=8)
    session = read(entered("exit") + new, entered=(Entered(("exit",), shown=True), Entered()))
    assert outputs(session) == ["savedlogout\r\n"]


def test_a_prompt_of_two_rows_without_marks_is_no_output() -> None:
    rows = f"{READY}at home\r\n> {entered(MARKS.opening)}{prompt(number=3)}"
    session = read(f"{entered('PS1=a')}one\r\n{rows}", entered=(Entered(("PS1=a",), shown=True, opening=" eval '"),))
    assert outputs(session) == ["one\r\n"]


def test_a_shell_that_says_where_output_begins_says_so_only_for_its_own_commands() -> None:
    text = f"{entered('ls')}a\r\n{prompt(number=2)}{entered('pwd')}{MARKS.output_begin}/root\r\n{prompt(number=3)}"
    both = Entered(("ls",), shown=True), Entered(("pwd",), shown=True)
    assert outputs(read(text, entered=both)) == ["a\r\n", "/root\r\n"]


def test_a_prompt_without_marks_begins_after_the_last_line_of_output() -> None:
    text = f"{entered('PS1=a')}one\r\ntwo\r\n> {entered(MARKS.opening)}{prompt(number=3)}"
    session = read(text, entered=(Entered(("PS1=a",), shown=True, opening=" eval '"),))
    assert (outputs(session), session.prompt) == (["one\r\ntwo\r\n"], "$ ")


def test_when_a_command_ends() -> None:
    events = [out(1, entered("ls")), out(2, "a\r\n"), out(5, prompt(number=2)), out(9, entered("pwd"))]
    both = Entered(("ls",), shown=True), Entered(("pwd",), 3, shown=True)
    first, second = read(*events, out(12, "/root\r\n"), out(14, prompt(3, 3)), entered=both).commands
    assert (first.seconds, first.status, first.output) == (4, 0, (out(1, "a\r\n"),))
    assert (second.seconds, second.status, second.output) == (5, 3, (out(3, "/root\r\n"),))


def test_when_a_command_of_a_program_without_marks_ends() -> None:
    events = [out(1, entered("show")), out(2, "a\r\n"), out(5, "db=> "), out(7, MARKS.told(0, 7))]
    (command,) = read(*events, entered=(Entered(("show",), shown=True, drawn="db=> "),)).commands
    assert (command.seconds, command.output) == (4, (out(1, "a\r\n"),))


def test_titles_within_and_across_events_are_taken_out_with_their_time() -> None:
    title = "\x1b]0;a long title\x07"
    events = [out(1, f"a{title[:5]}"), out(2, f"{title[5:]}b\r\n"), out(3, title), out(4, "c\r\n")]
    session = read(out(0, entered("ls")), *events, out(5, prompt(number=2)))
    assert session.commands[0].output == (out(1, "a"), out(2, "b\r\n"), out(4, "c\r\n"))


def test_without_events_nothing_is_found() -> None:
    with pytest.raises(NotFound):
        read_commands([], MARKS, [Entered()])
    with pytest.raises(NotFound):
        read_commands([Event(0, "i", BEGIN), Event(0, "o", "")], MARKS, [Entered()])
    assert read_commands([], MARKS, []) == RecordedSession((), "")


def test_letters_that_an_echo_lacks_are_not_looked_for_in_the_next_command() -> None:
    shown = "ls a\r\nout\r\n" + prompt(number=2) + "cat a\r\nx\r\n" + prompt(number=3)
    lines = tuple(Entered((line,), 0, True, True) for line in ("ls aa", "cat a"))
    assert outputs(read(shown, entered=lines)) == ["out\r\n", "x\r\n"]


@pytest.mark.parametrize("mark", ["\x1b]133;L;{}\x07", "\x1b]133;D;{};n=1;pid=1;aid=x;\x07"])
def test_a_printed_status_that_is_no_number_of_a_process_is_no_mark(mark: str) -> None:
    marks = Marks("x")
    assert marks.own.search(mark.format(130))
    for pattern in (NEW_SHELL, marks.ended):
        assert not pattern.search(mark.format("9" * 5000))  # which Python refuses to read as a number


def test_a_prompt_whose_line_editor_is_ready_after_it_is_no_output() -> None:
    text = f"{entered('PS1=a')}one\r\n> {READY}\x1b[?2004h{entered(MARKS.opening)}{prompt(number=3)}"
    session = read(text, entered=(Entered(("PS1=a",), shown=True, opening=" eval '"),))
    assert outputs(session) == ["one\r\n"]


def test_lines_that_were_entered_as_one_are_accepted_once() -> None:
    text = f"def f():\r\n  pass{ACCEPTED}a\r\n" + prompt(number=2) + entered("ls") + "b\r\n" + prompt(number=3)
    lines = Entered(("def f():", "  pass"), shown=True, at_once=True), Entered(("ls",), shown=True)
    session = read(text, entered=lines)
    assert [command.typed for command in session.commands] == [("def f():\r\n", "  pass\r\n"), ("ls\r\n",)]
    assert outputs(session) == ["a\r\n", "b\r\n"]


def test_what_a_line_editor_says_within_output_does_not_end_it() -> None:
    assert outputs(read(f"{entered('x')}a{READY}b\r\n{prompt(number=2)}", line="x")) == ["ab\r\n"]
