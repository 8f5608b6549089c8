"""What a command has led into, by what the kernel and the terminal say: no program is started."""

import pytest

from castdeck.machine.waits import Look, Program
from castdeck.marks import READY
from castdeck.record.inner import Level, inner_level, is_at_prompt

SHELL = Level(7, 7)


def look(name: str, *, polls: bool = False, line_mode: bool = True, pid: int = 9) -> Look:
    program = Program(pid, name, pid, reads=not polls, polls=polls)
    return Look("boot", 7, (program,), line_mode=line_mode)


def led_into(name: str, shown: str, *, is_said: bool = False, **looks: bool) -> str:
    level = inner_level(look(name, **looks), shown, SHELL, is_said)
    return level.language.name if level else ""


@pytest.mark.parametrize(
    ("name", "shown", "language"),
    [
        ("python3", "Python 3.11\r\n>>> ", "python"),
        ("dash", "$ ", "sh"),
        ("psql", f"{READY}shop=# ", "psql"),
        ("python3", "Python 3.11\r\n", ""),
        ("vim", "> ", ""),
        ("cat", "", ""),
    ],
)
def test_a_known_program_is_entered_once_it_is_at_its_prompt(name: str, shown: str, language: str) -> None:
    assert led_into(name, shown) == language


def test_a_bash_with_a_line_editor_is_a_bash_and_else_a_plain_shell() -> None:
    assert led_into("bash", "$ ", polls=True, line_mode=False) == "bash"
    assert led_into("bash", "$ ") == "sh"


def test_a_program_that_nobody_knows_is_entered_where_the_author_says_so() -> None:
    assert led_into("ftp", "ftp> ") == ""
    assert led_into("ftp", "ftp> ", is_said=True) == "unknown"
    assert led_into("ftp", "connected\r\n", is_said=True) == ""
    assert led_into("python3", ">>> ", is_said=True) == "python"
    assert led_into("python3", "my prompt: ", is_said=True) == "unknown"


def test_the_same_shell_is_no_other_level_and_nothing_that_waits_is_none() -> None:
    same = look("bash", polls=True, line_mode=False, pid=7)
    assert inner_level(same, f"{READY}$ ", SHELL) is None
    assert inner_level(Look("boot", 7, (), line_mode=True), "$ ", SHELL) is None


def test_how_its_lines_are_entered() -> None:
    plain, edited = inner_level(look("dash"), "$ ", SHELL), inner_level(look("psql"), f"{READY}shop=# ", SHELL)
    assert plain and (plain.pid, plain.machine_pid, plain.pastes, plain.accepts) == (9, 9, False, False)
    assert edited and edited.pastes and edited.accepts
    quiet = inner_level(look("psql"), "shop=# ", SHELL)
    assert quiet and not quiet.pastes and not quiet.accepts


@pytest.mark.parametrize(
    ("shown", "is_one"), [("a\r\n$ ", True), ("mysql> ", True), ("loading...", False), ("", False)]
)
def test_what_ends_like_a_prompt(shown: str, is_one: bool) -> None:
    assert is_at_prompt(shown) == is_one
