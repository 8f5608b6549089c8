"""What a deck colours in a recording: commands and prompts, never a program's output."""

import re

from castdeck.cast.model import Cast, Event
from castdeck.cast.terminal import VirtualTerminal, trimmed
from castdeck.render.paint import Painted, painted, short_prompt
from castdeck.render.screen import screen_html
from castdeck.render.shell_roles import role_lines, roles_html, row_breaks
from castdeck.render.shown_commands import ShownCommand

PROMPT = "student@docker:~$ "


def typed(text: str, start: float) -> list[Event]:
    return [Event(start + number / 100, "o", key) for number, key in enumerate(text)]


def session(*commands: tuple[str, str], prompt: str = PROMPT, cols: int = 80) -> tuple[Cast, tuple[ShownCommand, ...]]:
    events: list[Event] = []
    for number, (command, output) in enumerate(commands):
        events += [Event(10.0 * number, "o", prompt), Event(10.0 * number, "m", command)]
        events += [*typed(command, 10 * number + 1), Event(10 * number + 5, "o", "\r\n")]
        events.append(Event(10 * number + 6, "o", output))
    events.append(Event(10.0 * len(commands), "o", prompt))
    told = tuple(ShownCommand(command, prompt, tuple(output.splitlines()), 0) for command, output in commands)
    return Cast(cols, 24, tuple(events)), told


def shown(one: Painted, until: float = 1e9, rows: int = 24) -> list[str]:
    terminal = VirtualTerminal(one.cast.cols, rows)
    for event in one.cast.events:
        if event.kind == "o" and event.time <= until:
            terminal.feed(event.data)
    return trimmed(terminal.lines)


def test_the_prompt_is_short_and_quiet_and_the_command_bold_with_its_options_coloured() -> None:
    one = painted(*session(("ls -a 'x y'  # all", "a\r\n")), 80)
    assert shown(one) == ["$ ls -a 'x y'  # all", "a", "$"]
    html = screen_html(one.cast)
    assert html.startswith('<span class="quiet">$ </span><span class="bold">ls </span><span class="o bold">-a</span>')
    assert '<span class="quiet italic"># all</span>' in html


def test_output_keeps_its_own_colours() -> None:
    html = screen_html(painted(*session(("x", "\x1b[32mgreen\x1b[0m plain\r\n")), 80).cast)
    assert '<span style="color:var(--term-2);">green</span> plain' in html


def test_earlier_commands_are_dim_when_the_next_one_begins_and_not_before() -> None:
    one = painted(*session(("first", "\x1b[31mred\x1b[0m\r\n"), ("second", "2\r\n")), 80)
    dim = "\x1b[90m"
    assert not [event for event in one.cast.events if event.time <= 10 and dim in event.data]
    assert [event.time for event in one.cast.events if dim in event.data] == [10.05]
    assert shown(one) == ["$ first", "red", "$ second", "2", "$"]
    html = screen_html(one.cast)
    assert '<span style="color:var(--term-8);">red</span>' in html


def test_what_is_dimmed_scrolls_in_a_smaller_terminal_as_it_did_before() -> None:
    one = painted(*session(("seq 9", "".join(f"{n}\r\n" for n in range(1, 10))), ("echo", "\r\n")), 80)
    assert shown(one, rows=5)[-5:] == ["9", "$ echo", "", "$"] or shown(one, rows=5)[-3:] == ["$ echo", "", "$"]


def test_the_recording_can_be_had_back_from_what_is_painted() -> None:
    cast, told = session(("ls -a", "a\r\n"), ("pwd", "/\r\n"))
    one = painted(cast, told, 80)
    back = [
        event._replace(data=text) for event, text in zip(one.cast.events, one.recorded, strict=True) if text is not None
    ]
    assert tuple(back) == cast.events


def test_a_long_command_goes_on_before_a_word_and_a_comment_in_a_row_of_its_own() -> None:
    command = "docker ps --format x   # all that run"
    one = painted(*session((command, "")), 30)
    assert shown(one)[:2] == ["$ docker ps --format x", "    # all that run"]
    (line,) = role_lines(command)
    assert row_breaks(line, 30, 2) == [command.index("#")]


def test_an_echo_that_is_not_what_was_typed_is_left_alone() -> None:
    events = (Event(0, "o", "$ "), Event(0, "m", "ls"), Event(1, "o", "something else\r\n"), Event(2, "o", "$ "))
    one = painted(Cast(80, 24, events), (ShownCommand("ls", "$ ", (), 0),), 80)
    assert [event.data for event in one.cast.events if event.time == 1] == ["something else\r\n"]


def test_a_full_screen_program_is_never_painted_over() -> None:
    cast, told = session(("vi", "\x1b[?1049hPAGE"), ("x", ""))
    assert not [event for event in painted(cast, told, 80).cast.events if "\x1b[2J" in event.data]


def test_prompts_that_are_not_bashs_own_stay() -> None:
    assert [short_prompt(p) for p in (PROMPT, "root@a:/etc# ", ">>> ", "$ ")] == ["$ ", "/etc # ", ">>> ", "$ "]


def test_roles_as_html_are_escaped() -> None:
    (line,) = role_lines('grep -c "<a>" $HOME')
    text = roles_html(line)
    assert '<span class="o">-c</span>' in text
    assert re.sub(r"<[^>]*>", "", text) == "grep -c &quot;&lt;a&gt;&quot; $HOME"
