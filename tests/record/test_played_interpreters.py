"""A block for an interpreter, on a terminal whose other side is played: it is started unseen, typed into, and left.

What real interpreters do is recorded in the sandbox: see test_interpreters.py.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from asciinema_automation.script import Script
from pexpect.fdpexpect import fdspawn

from castdeck.deck.model import CommandLine
from castdeck.machine.waits import Look, Program
from castdeck.record import marked_terminal, script, shell
from castdeck.record.inner import Level
from castdeck.record.instructions import instructions
from castdeck.record.languages.language import ReplLanguage
from castdeck.record.languages.python import PYTHON
from castdeck.record.languages.shells import BASH, FISH, ZSH
from castdeck.record.languages.unmarked import REDIS
from castdeck.record.script import CommandFailed
from castdeck.record.shell import Shell
from tests.record.test_script import Terminal
from tests.shell_marks import MARKS, entered, prompt

START, OPENING = f" {PYTHON.start}", PYTHON.opening
AT_PYTHON = Look("boot", 7, (Program(9, "python3", 9, reads=True),), line_mode=True)
AT_REDIS = Look("boot", 7, (Program(9, "redis-cli", 9, reads=True),), line_mode=True)


def python(typed: str, printed: str = "") -> str:
    """What Python shows of a line without a line editor, with its marks."""
    return f"{typed}\r\n{printed}" + prompt(number=0, pid=9, text=">>> ").removeprefix("\x1b[?2004h")


class Played:
    """`run` types lines of a block for a language; `levels` are what castdeck is in, before and after."""

    def __init__(self, *answers: str, looks: tuple[Look, ...] = ()) -> None:
        self.terminal = Terminal(*answers, looks=looks)
        self.levels: list[Level] = []

    def run(self, *lines: str, language: ReplLanguage | None, own: ReplLanguage = BASH) -> None:
        typed = tuple(CommandLine(line, number) for number, line in enumerate(lines, 4))
        run = Script(Path(), "", 5, 0, 0, 0, [])
        run.process = fdspawn(self.terminal.socket.fileno(), timeout=5)
        run.process.sendcontrol = lambda key: None
        shell = Shell(
            MARKS,
            self.terminal.witness,
            levels=self.levels,
            own=own,
            looks=self.terminal.look,
            is_complete=lambda language, text: True,
        )
        for step in instructions(typed, None, shell, 2.5, 0, "", language=language):
            step.run(run)

    def close(self) -> None:
        self.terminal.close()


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    monkeypatch.setattr(script, "START_TIMEOUT", 3.0)
    monkeypatch.setattr(marked_terminal, "START_TIMEOUT", 3.0)
    monkeypatch.setattr(shell, "_NEXT_LOOK", 0.1)
    with ExitStack() as stack:
        yield stack


def opening() -> str:
    assert OPENING
    return OPENING(MARKS, 9)


def test_it_is_started_and_made_to_mark_and_only_the_block_s_lines_are_shown(stack: ExitStack) -> None:
    answers = (
        entered(START) + "Python 3.11\r\n>>> ",
        python(opening()),
        python("1 + 1", "2\r\n"),
        python(""),
    )
    played = stack.enter_context(closing(Played(*answers, looks=(AT_PYTHON,) * 9)))
    played.run("1 + 1", language=PYTHON)
    assert played.terminal.statuses == [0]
    assert [one.lines for one in played.terminal.witness.entered if one.shown] == [("1 + 1",)]
    assert [(one.language.name, one.is_unseen) for one in played.levels] == [("bash", False), ("python", True)]


def test_the_next_block_goes_on_in_it_and_one_for_the_shell_leaves_it(stack: ExitStack) -> None:
    inside = [Level(7, 7, BASH), Level(9, 9, PYTHON, pastes=False, accepts=False, is_unseen=True)]
    going_on = stack.enter_context(closing(Played(python("x = 1"), python(""))))
    going_on.terminal.answers = iter((python(""), python("x = 1"), python("")))
    going_on.levels = list(inside)
    going_on.run("x = 1", language=PYTHON)
    assert going_on.levels == inside and "exit()" not in going_on.terminal.typed

    leaving = stack.enter_context(closing(Played()))
    leaving.terminal.answers = iter(
        (python(""), "exit()\r\n" + prompt(number=2), entered("ls") + prompt(number=3), entered() + prompt(number=3))
    )
    leaving.levels = list(inside)
    leaving.run("ls", language=None)
    assert [one.language.name for one in leaving.levels] == ["bash"]
    assert leaving.terminal.typed.startswith("\rexit()\r")


def test_one_that_does_not_start_says_how_to_have_it(stack: ExitStack) -> None:
    answers = (entered(START) + "bash: python3: command not found\r\n" + prompt(127, 2),)
    played = stack.enter_context(closing(Played(*answers)))
    with pytest.raises(CommandFailed) as failure:
        played.run("1 + 1", language=PYTHON)
    assert (failure.value.reason, failure.value.line.line) == ("python does not start", 4)
    assert "packages = [...] in castdeck.toml" in failure.value.hint and PYTHON.start in failure.value.hint
    assert failure.value.last_lines == ["bash: python3: command not found"]


def test_one_that_shows_no_prompt_is_an_error(stack: ExitStack) -> None:
    played = stack.enter_context(closing(Played(entered(START) + "loading\r\n")))
    with pytest.raises(CommandFailed) as failure:
        played.run("1 + 1", language=PYTHON)
    assert failure.value.reason == f"{PYTHON.start} leads to no prompt"


def test_a_program_that_can_t_mark_is_followed_by_its_prompts_and_errors(stack: ExitStack) -> None:
    ready = "127.0.0.1:6379> "
    answers = (
        entered(" redis-cli") + ready,
        f"GET a\r\n(nil)\r\n{ready}",
        f"NOPE\r\n(error) ERR\r\n{ready}",
        f"\r\n{ready}",
    )
    played = stack.enter_context(closing(Played(*answers, looks=(AT_REDIS,) * 40)))
    with pytest.raises(CommandFailed, match="ended with exit status 1, not 0") as failure:
        played.run("GET a", "NOPE", language=REDIS)
    assert failure.value.line.text == "NOPE"
    assert [(one.lines, one.status, one.drawn) for one in played.terminal.witness.entered if one.shown] == [
        (("GET a",), 0, ready.strip()),
        (("NOPE",), 1, ready.strip()),
    ]


@pytest.mark.parametrize("own", [ZSH, FISH], ids=lambda one: one.name)
def test_the_session_s_own_shell_takes_the_place_of_the_machine_s(stack: ExitStack, own: ReplLanguage) -> None:
    played = stack.enter_context(closing(Played(entered(own.start) + prompt(0, 2, text="% "))))
    with pytest.raises(CommandFailed, match=f"{own.name} does not start"):
        played.run("ls", language=None, own=own)
    assert own.start.strip() in played.terminal.typed
