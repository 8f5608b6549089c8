"""A block on a machine's terminal without a recorder, and the shell there: the other side of the terminal is played."""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.marks import WITH_PAGERS, pasted
from castdeck.record import marked_terminal, run
from castdeck.record.events import CommandBegins, Event, Shown, Work
from castdeck.record.inner import Level
from castdeck.record.languages.python import PYTHON
from castdeck.record.languages.shells import BASH, FISH
from castdeck.record.run import hand_over, is_inside, mark_shell, recorder_environment, replay_block, type_chore
from castdeck.record.script import CommandFailed
from tests.record.fake_machine import FakeMachine
from tests.record.made import a_block, some_settings
from tests.record.played import PlayedTerminal
from tests.shell_marks import MARKS, entered, prompt

OPENED = entered(MARKS.opening) + prompt()


@dataclass(eq=False)
class PlayedMachine(FakeMachine):
    """Each Enter in its terminal is answered by the next of `answers`; `typed` is what arrived there."""

    ran: list[str] = field(default_factory=list)
    answers: tuple[str, ...] = ()
    sizes: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._played = PlayedTerminal(self.answers)
        self.terminal = self._played.socket.fileno()

    @property
    def typed(self) -> str:
        return self._played.typed

    def resize(self, cols: int, rows: int) -> None:
        self.sizes.append((cols, rows))

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = 60) -> str:
        self.ran.append(stdin)
        return "/tmp/a b\n"

    def close(self) -> None:
        self._played.close()


Play = Callable[..., PlayedMachine]


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """play("an answer", ...) is a machine whose terminal answers each Enter so."""
    monkeypatch.setattr(run, "_marks", lambda: MARKS)
    with ExitStack() as stack:
        yield lambda *answers: stack.enter_context(closing(PlayedMachine(answers=answers)))


def test_a_block_is_typed_in_its_own_size_and_what_happens_is_told(play: Play, tmp_path: Path) -> None:
    block = a_block("ls", "bash {cols=100}")
    machine = play(
        OPENED, entered() + prompt(number=2), entered("ls") + "a\r\n" + prompt(number=3), entered() + prompt(number=3)
    )
    mark_shell(machine)
    told: list[Event] = []
    done = replay_block(machine, block, some_settings(tmp_path), Work(Path("deck.md")), told.append)
    assert machine.sizes == [(100, 24)]
    assert machine.typed == "".join([pasted(MARKS.opening), "\r", pasted("ls"), "\r"])
    assert [one.line.text for one in told if isinstance(one, CommandBegins)] == ["ls"]
    assert b"a\r\n" in b"".join(one.data for one in told if isinstance(one, Shown))
    assert 0 <= done.seconds < 30


def test_a_shell_that_answers_nothing_is_an_error_of_the_machine(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked_terminal, "START_TIMEOUT", 0.2)
    with pytest.raises(MachineError, match="the machine's shell does not answer"):
        mark_shell(play())


def test_the_shell_of_a_fresh_machine_is_the_session_s_own(play: Play) -> None:
    machine = play(OPENED)
    assert not is_inside(machine)
    mark_shell(machine)
    assert not is_inside(machine, BASH) and is_inside(machine, FISH)


def test_a_person_gets_the_shell_with_pagers_and_its_prompt(play: Play) -> None:
    machine = play(OPENED, entered(WITH_PAGERS) + prompt(number=2, text="student@docker:~$ "))
    mark_shell(machine)
    shown = hand_over(machine).decode()
    assert shown.endswith(f"student@docker:~$ {MARKS.prompt_end}")
    assert machine.typed.endswith(pasted(WITH_PAGERS))


def test_a_shell_without_marks_is_handed_over_with_what_it_shows(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_PROMPT_TIMEOUT", 0.3)
    assert hand_over(play("$ ")) == b"$ "


def test_secrets_are_set_by_a_file_that_is_gone_afterwards(play: Play, tmp_path: Path) -> None:
    chore = entered(" . '/tmp/a b'; rm -f '/tmp/a b'")
    machine = play(OPENED, entered() + prompt(number=2), chore + prompt(number=3), entered() + prompt(number=3))
    mark_shell(machine)
    type_chore(machine, some_settings(tmp_path, {"TOKEN": "s3cr3t-value"}))
    assert [text.strip() for text in machine.ran] == ["export TOKEN=s3cr3t-value"]
    assert "s3cr3t-value" not in machine.typed
    assert pasted(" . '/tmp/a b'; rm -f '/tmp/a b'") in machine.typed


@pytest.mark.parametrize(("key", "byte"), [("c", b"\x03"), ("C", b"\x03"), ("[", b"\x1b"), ("?", b"\x7f")])
def test_control_keys_are_their_bytes(key: str, byte: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        run._Direct(ours.fileno(), timeout=5).sendcontrol(key)
        assert theirs.recv(10) == byte


@pytest.mark.parametrize(
    ("said", "text", "is_whole"),
    [
        ("", "ls", True),
        ("bash: line 1: syntax error near unexpected token `)'", "echo )", True),
        ("bash: line 2: syntax error: unexpected end of file", "for i in 1; do", False),
        ("bash: line 2: unexpected EOF while looking for matching `\"'", 'echo "', False),
        ("bash: warning: here-document at line 1 delimited by end-of-file (wanted `END')", "cat <<END", False),
        ("", "ls \\", False),
    ],
)
def test_bash_itself_tells_whether_a_command_is_whole(said: str, text: str, is_whole: bool) -> None:
    machine = FakeMachine([])
    machine.run = lambda script, *, stdin="", **_: said if stdin == f"{text}\n" else "?"  # type: ignore[method-assign]
    assert run._is_complete(machine, BASH, text) == is_whole


@pytest.mark.parametrize(("said", "is_whole"), [("", True), ("Missing end to balance this while", False)])
def test_fish_is_asked_by_its_own_check(said: str, is_whole: bool) -> None:
    machine = FakeMachine([])
    machine.run = lambda script, *, stdin="", **_: said if "fish --no-execute" in script else "?"  # type: ignore[method-assign]
    assert run._is_complete(machine, FISH, "while true") == is_whole


@pytest.mark.parametrize(
    ("variables", "locale"),
    [
        ({}, "C.UTF-8"),
        ({"LANG": "C"}, "C.UTF-8"),
        ({"LANG": "fr_FR.UTF-8"}, None),
        ({"LANG": "fr_FR.utf8"}, None),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "POSIX"}, "C.UTF-8"),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, None),
    ],
)
def test_the_recorder_is_castdeck_s_own_and_writes_utf8_and_the_environment_is_put_back(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], locale: str | None
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    with recorder_environment():
        assert os.environ["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)
        assert os.environ.get("LC_ALL") == (locale or variables.get("LC_ALL"))
        assert list(Path(os.environ["ASCIINEMA_CONFIG_HOME"]).iterdir()) == []
    assert dict(os.environ) == before


def test_inside_an_interpreter_only_a_new_prompt_is_asked_for(play: Play) -> None:
    machine = play(OPENED, "\r\n" + prompt(number=0, pid=9, text=">>> "))
    mark_shell(machine)
    run._LEVELS[machine].append(Level(9, 9, PYTHON, pastes=False, accepts=False))
    assert hand_over(machine).decode().endswith(f">>> {MARKS.prompt_end}")
    assert machine.typed.endswith(f"{pasted(MARKS.opening)}\r") and WITH_PAGERS not in machine.typed


def test_a_status_that_the_block_expects_is_no_failure_and_another_one_is(play: Play, tmp_path: Path) -> None:
    lines = entered("false") + prompt(1, number=3), entered() + prompt(1, number=3)
    for attributes, is_right in (("{exit=1}", True), ("{exit=2}", False)):
        machine = play(OPENED, entered() + prompt(number=2), *lines)
        mark_shell(machine)
        block = a_block("false", f"bash {attributes}")
        with nullcontext() if is_right else pytest.raises(CommandFailed, match="ended with exit status 1, not 2"):
            replay_block(machine, block, some_settings(tmp_path), Work(Path("deck.md")), lambda event: None)


def test_code_for_an_interpreter_is_typed_into_it(play: Play, tmp_path: Path) -> None:
    missing = entered(f" {PYTHON.start}") + "bash: python3: command not found\r\n" + prompt(127, number=3)
    machine = play(OPENED, entered() + prompt(number=2), missing)
    mark_shell(machine)
    block = a_block("1 + 1", "python {.repl}")
    with pytest.raises(CommandFailed, match="python does not start"):
        replay_block(machine, block, some_settings(tmp_path), Work(Path("deck.md")), lambda event: None)
    assert PYTHON.start in machine.typed
