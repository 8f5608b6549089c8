"""What is typed and waited for, on a terminal whose other side is played: it has said all that it will say."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from asciinema_automation.script import Script
from pexpect.fdpexpect import fdspawn

from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError, MachineError
from castdeck.record.script import CommandFailed, Witness, instructions

STARTED, PROMPT, MORE = "\x1b]133;C\x07", "\x1b]133;A\x07$ \x1b]133;B\x07", "> \x1b]133;P;k=s\x07"


def ended(status: int = 0) -> str:
    return f"\x1b]133;D;{status}\x07{PROMPT}"


class Terminal:
    """Plays the other side: `says` is what it shows, all at once."""

    def __init__(self, says: str) -> None:
        self._ours, self._theirs = socket.socketpair()
        self._theirs.sendall((f"\r\n{ended()}{says}").encode())
        self.begun: list[str] = []
        self.witness = Witness(lambda line: self.begun.append(line.text), lambda data: None)
        self.resized = 0

    def run(
        self, *lines: CommandLine | str, right: int | None = 0, root: str = "sudo -s", boots: tuple[object, ...] = ()
    ) -> None:
        """Type the lines; `boots` are the answers to the question which boot it is, an exception for none."""
        answers: Iterator[object] = iter(boots)

        def boot() -> str:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return str(answer)

        typed = tuple(CommandLine(line, n) if isinstance(line, str) else line for n, line in enumerate(lines, 4))
        script = Script(Path(), "", 5, 0, 0, 0, [])
        script.process = fdspawn(self._ours.fileno(), timeout=5)
        script.process.sendcontrol = lambda key: None
        for step in instructions(typed, None, self.witness, 0.5, right, root, boot, self._resize):
            step.run(script)

    def _resize(self) -> None:
        self.resized += 1

    def close(self) -> None:
        self._ours.close()
        self._theirs.close()

    @property
    def typed(self) -> str:
        self._theirs.setblocking(False)
        try:
            return self._theirs.recv(65536).decode()
        except BlockingIOError:
            return ""


Play = Callable[[str], Terminal]


@pytest.fixture
def play() -> Iterator[Play]:
    """play("what it shows") is a terminal."""
    with ExitStack() as stack:
        yield lambda says: stack.enter_context(closing(Terminal(says)))


def test_each_command_waits_for_the_end_of_the_one_before_and_lines_of_one_stay_together(play: Play) -> None:
    terminal = play(f"ls\r\n{STARTED}a\r\n{ended()}for i in 1; do\r\n{MORE}done\r\n{STARTED}{ended()}")
    terminal.run("ls", "", "for i in 1; do", "done")
    assert terminal.typed == "\rls\rfor i in 1; do\rdone\r"
    assert terminal.witness.statuses == [0, 0]
    assert terminal.begun == ["ls", "for i in 1; do", "done"]


def test_a_wrong_status_is_an_error_with_the_line_and_what_was_printed(play: Play) -> None:
    with pytest.raises(CommandFailed, match="ended with exit status 2, not 0") as failure:
        play(f"ls x\r\n{STARTED}no x\r\n{ended(2)}").run("ls x")
    assert (failure.value.line.line, failure.value.last_lines) == (4, ["no x"])
    play(f"ls x\r\n{STARTED}no x\r\n{ended(2)}").run("ls x", right=2)
    play(f"ls x\r\n{STARTED}no x\r\n{ended(2)}").run("ls x", right=None)


def test_a_command_that_does_not_end_says_what_it_printed_and_how_to_give_it_keys(play: Play) -> None:
    with pytest.raises(CommandFailed, match="did not end within 0.5 s") as failure:
        play(f"cat\r\n{STARTED}waiting\r\n").run("cat")
    assert failure.value.last_lines == ["waiting"]
    assert "#$ expect TEXT" in failure.value.hint


def test_an_open_quote_is_an_error(play: Play) -> None:
    with pytest.raises(CommandFailed, match="the command is not finished"):
        play(f"echo 'a\r\n{MORE}").run("echo 'a")


def test_keys_come_once_the_command_runs(play: Play) -> None:
    terminal = play(f"vi\r\n{STARTED}~{ended()}")
    terminal.run("vi", '#$ send ":q"', "#$ sendcontrol m")
    assert terminal.typed == "\rvi\r:q\r"


def test_root_s_commands_are_typed_into_a_shell_of_root_that_nobody_sees(play: Play) -> None:
    shell = f" sudo -s\r\n{STARTED}{ended()}"
    terminal = play(f"{shell}id\r\n{STARTED}{ended()} exit\r\n{STARTED}{ended()}id\r\n{STARTED}{ended()}")
    terminal.run(CommandLine("id", 4, as_root=True), CommandLine("id", 5))
    assert terminal.typed == "\r sudo -s\rid\r exit\rid\r"
    assert terminal.witness.chores == {0, 2}
    assert terminal.begun == ["id", "id"]
    with pytest.raises(DeckError, match="this machine has no root to give"):
        play("").run(CommandLine("id", 4, as_root=True), root="")


def test_a_directive_needs_a_command(play: Play) -> None:
    with pytest.raises(DeckError, match="a directive needs a command before it"):
        play("").run("#$ send q")


OLD, NEW_NOW, NEW_LONG_AGO, DOWN = "old 100.0 1", "new 0.0 1", "new 900.0 1", MachineError("the machine is down")


@pytest.mark.parametrize(
    ("says", "boots"),
    [
        (f"{STARTED}{ended()}{ended()}", (OLD, OLD, DOWN, NEW_NOW)),
        (f"{STARTED}{ended()}", (OLD, DOWN, NEW_LONG_AGO)),
    ],
    ids=["the old shell shows a last prompt", "it does not"],
)
def test_after_a_reboot_the_next_command_waits_for_the_new_shell(
    play: Play, says: str, boots: tuple[object, ...]
) -> None:
    terminal = play(f"sudo reboot\r\n{says}ls\r\n{STARTED}{ended(1)}")
    terminal.run("sudo reboot", "ls", right=None, boots=boots)
    assert terminal.witness.statuses == [0, 1]
    assert terminal.typed == "\rsudo reboot\rls\r"
    assert terminal.resized == 1
