"""What is entered and waited for, on a terminal whose other side is played: it has said all that it will say."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from unittest import mock

import pytest
from asciinema_automation.script import Script
from pexpect.fdpexpect import fdspawn

from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError, MachineError
from castdeck.machine.waits import Look, Program
from castdeck.marks import READY, pasted
from castdeck.record import reboot
from castdeck.record.instructions import instructions
from castdeck.record.script import LOST, CommandFailed, TypeCommand
from castdeck.record.shell import Shell
from castdeck.record.witness import Witness
from tests.record.played import PlayedTerminal
from tests.shell_marks import MARKS, MORE, entered, prompt

OPENED = entered(MARKS.opening)
NEW_SHELL, AFTER_BOOT = "\x1b]133;L;{}\x07", "\x1b]133;L;\x07"
SHELL = Program(7, "bash", 7)
AT_PROMPT = Look("boot", 7, (SHELL,), line_mode=False)


class Terminal(PlayedTerminal):
    """Lines can be run on it; `looks` is what the kernel says of it."""

    def __init__(self, *answers: str, looks: Iterable[Look] = ()) -> None:
        super().__init__((entered() + prompt(), *answers))
        self.looks = iter(looks)
        self.begun: list[str] = []
        self.witness = Witness(lambda line: self.begun.append(line.text), lambda data: None)
        self.resized = 0

    def run(
        self,
        *lines: CommandLine | str,
        right: int | None = 0,
        root: str = "sudo -s",
        restarts: bool = False,
        is_complete: bool = True,
    ) -> None:
        typed = tuple(CommandLine(line, n) if isinstance(line, str) else line for n, line in enumerate(lines, 4))
        script = Script(Path(), "", 5, 0, 0, 0, [])
        script.process = fdspawn(self.socket.fileno(), timeout=5)
        script.process.sendcontrol = lambda key: self.socket.send(chr(ord(key) - 96).encode())
        shell = Shell(
            MARKS,
            self.witness,
            looks=self.look,
            is_complete=lambda language, text: is_complete,
            resize=self._resize,
        )
        for step in instructions(typed, None, shell, 2.5, right, root, lambda since: restarts):
            step.run(script)

    def look(self, shell: int) -> Look:
        try:
            return next(self.looks)
        except StopIteration:
            raise MachineError("nothing to be seen") from None

    def _resize(self) -> None:
        self.resized += 1

    @property
    def statuses(self) -> list[int]:
        return [one.status for one in self.witness.entered if one.shown]


Play = Callable[..., Terminal]


@pytest.fixture
def play() -> Iterator[Play]:
    """play("an answer", ...) is a terminal."""
    with ExitStack() as stack:
        yield lambda *answers, looks=(): stack.enter_context(closing(Terminal(*answers, looks=looks)))


def test_each_command_waits_for_the_end_of_the_one_before_and_lines_of_one_stay_together(play: Play) -> None:
    loop = [entered("for i in 1; do") + MORE, entered("done") + prompt(number=3)]
    terminal = play(entered("ls") + "a\r\n" + prompt(number=2), *loop, entered() + prompt(number=3))
    terminal.run("ls", "", "for i in 1; do", "done")
    assert terminal.typed == "".join(["\r", *map(pasted, ("ls", "for i in 1; do", "done")), "\r"])
    assert terminal.statuses == [0, 0]
    assert terminal.begun == ["ls", "for i in 1; do", "done"]


def test_a_wrong_status_is_an_error_with_the_line_and_what_was_printed(play: Play) -> None:
    says = entered("ls x") + "no x\r\n" + prompt(2, 2), entered() + prompt(2, 2)
    with pytest.raises(CommandFailed, match="ended with exit status 2, not 0") as failure:
        play(*says).run("ls x")
    assert (failure.value.line.line, failure.value.last_lines) == (4, ["no x"])
    play(*says).run("ls x", right=2)
    play(*says).run("ls x", right=None)


@pytest.mark.parametrize(
    ("line", "said", "told", "status"),
    [
        ('echo "see"!b', "bash: !b: event not found\r\n", 0, 1),
        ("echo )", "bash: syntax error near unexpected token `)'\r\n", 2, 2),
        ("# a comment", "", 0, 0),
    ],
)
def test_a_line_that_the_shell_refuses_failed_and_a_comment_did_not(
    play: Play, line: str, said: str, told: int, status: int
) -> None:
    terminal = play(entered(line) + said + prompt(told, 1), entered() + prompt(told, 1))
    terminal.run(line, right=None)
    assert terminal.statuses == [status]


def test_marks_with_another_secret_are_not_believed(play: Play) -> None:
    forged = prompt(number=2).replace(MARKS.secret, "f0f0f0")
    with pytest.raises(CommandFailed, match="ended with exit status 1"):
        play(entered("x") + forged + prompt(1, 2)).run("x")


def test_marks_that_a_command_copied_are_found_out(play: Play) -> None:
    with pytest.raises(CommandFailed, match="was not at its end when a mark said so"):
        play(entered("x; false") + prompt(0, 2) + prompt(1, 2), entered() + prompt(1, 2)).run("x; false")
    with (
        mock.patch("castdeck.record.marked_terminal.START_TIMEOUT", 1),
        pytest.raises(CommandFailed, match="was not at its end when a mark said so"),
    ):
        play(entered("x; sleep 99") + prompt(0, 2), "\r\n").run("x; sleep 99")
    sleeping = entered("x; sleep 9") + prompt(0, 2), "^[[200~y^[[201~\r\n"
    with pytest.raises(CommandFailed, match="was not run: the shell is not at its prompt"):
        play(*sleeping).run("x; sleep 9", "y")


@pytest.mark.parametrize(
    ("answers", "lines", "right", "hint"),
    [
        (
            (entered("x; sleep 9") + prompt(0, 2), "^[[200~y^[[201~\r\n"),
            ("x; sleep 9", "y"),
            0,
            "the previous line has not ended, although it printed a mark that says so",
        ),
        (
            (entered("nope") + prompt(127, 2), entered() + prompt(127, 2)),
            ("nope",),
            0,
            "a command is not on the machine: packages = [...] in castdeck.toml puts it there; if this is expected, "
            "write into the block's first line: {exit=127}",
        ),
        (
            (entered("ls x") + prompt(2, 2), entered() + prompt(2, 2)),
            ("ls x",),
            0,
            "if this is expected, write into the block's first line: {exit=2}",
        ),
        (
            (entered("ls") + prompt(0, 2), entered() + prompt(0, 2)),
            ("ls",),
            1,
            "if this is expected, take exit= out of the block's first line",
        ),
        (
            (entered("cat <<END") + MORE,),
            ("cat <<END",),
            0,
            "close it, or write {.norun} if the block is only to be shown",
        ),
        (
            (entered("x; false") + prompt(0, 2) + prompt(1, 2), entered() + prompt(1, 2)),
            ("x; false",),
            0,
            "a command printed a mark of castdeck's own; what the shell says after it can't be trusted",
        ),
    ],
)
def test_each_failure_says_what_to_do(
    play: Play, answers: tuple[str, ...], lines: tuple[str, ...], right: int, hint: str
) -> None:
    with pytest.raises(CommandFailed) as failure:
        play(*answers).run(*lines, right=right)
    assert failure.value.hint == hint


@pytest.mark.parametrize("mark", [NEW_SHELL.format(0), AFTER_BOOT])
def test_a_shell_that_a_command_only_says_to_be_new_is_found_out(play: Play, mark: str) -> None:
    answers = entered("x; false") + mark + prompt(1, 2), OPENED + prompt(number=3)
    with pytest.raises(CommandFailed, match="the shell is not at its prompt"):
        play(*answers).run("x; false")


def test_a_program_that_waits_for_keys_is_told_at_once_and_how_to_give_it_some(play: Play) -> None:
    less = Look("boot", 7, (Program(9, "less", 9, reads=True),), line_mode=False)
    with pytest.raises(CommandFailed, match="less waits for keys") as failure:
        play(entered("git log") + "commit 1\r\n:", looks=[less]).run("git log")
    assert failure.value.last_lines == ["commit 1", ":"]
    assert failure.value.hint.startswith("pipe it through cat, or give it keys in the lines below it: #$ expect TEXT")


def test_what_is_shown_while_the_kernel_is_asked_may_be_a_prompt(play: Play) -> None:
    def looks() -> Iterator[Look]:
        reads = Look("boot", 7, (Program(9, "shop", 9, reads=True),), line_mode=False)
        terminal.show("shop>> ")
        yield reads
        terminal.show("bye\r\n" + prompt(number=2))
        yield reads

    terminal = play(entered("shop"), entered() + prompt(number=2), looks=looks())
    terminal.run("shop")
    assert terminal.statuses == [0]


def test_a_command_that_works_too_long_says_what_it_printed(play: Play) -> None:
    with pytest.raises(CommandFailed, match="did not end within 2.5 s") as failure:
        play(entered("sleep 9") + "waiting\r\n").run("sleep 9")
    assert failure.value.last_lines == ["waiting"]


def test_a_flood_is_an_error_with_its_reason(play: Play) -> None:
    terminal = play(entered("yes") + "y\r\n" * 400)
    with mock.patch("castdeck.record.witness._FLOOD", 600), pytest.raises(CommandFailed, match="printed more than"):
        terminal.run("yes")


def test_a_terminal_that_is_gone_is_an_error_with_what_it_showed_last(play: Play) -> None:
    terminal = play(entered("sudo poweroff") + "asciinema: recording finished\r\nbye\r\n")
    gone = threading.Timer(0.5, terminal.hang_up)
    gone.start()
    with pytest.raises(CommandFailed) as failure:
        terminal.run("sudo poweroff")
    gone.join()
    assert (failure.value.reason, failure.value.last_lines) == (LOST, ["bye"])
    assert failure.value.hint == "to show it and not run it, write {.norun} into the block's first line"


def test_an_open_quote_is_an_error(play: Play) -> None:
    with pytest.raises(CommandFailed, match="the command is not finished"):
        play(entered("echo 'a") + MORE).run("echo 'a")


def test_a_continuation_prompt_of_the_author_s_own_is_told_from_a_prompt_without_marks(play: Play) -> None:
    answers = entered("cat <<END") + f"{READY}more? ", entered("END") + prompt(number=2), entered() + prompt(number=2)
    terminal = play(*answers, looks=[AT_PROMPT])
    terminal.run("cat <<END", "END", is_complete=False)
    assert terminal.typed.count("END") == 2
    assert terminal.statuses == [0]


def test_a_prompt_that_has_lost_its_marks_is_given_them_again(play: Play) -> None:
    answers = entered("PS1='> '") + f"{READY}> ", OPENED + prompt(number=3, text="> "), entered() + prompt(number=3)
    terminal = play(*answers, looks=[AT_PROMPT])
    terminal.run("PS1='> '")
    assert terminal.witness.entered[1].opening
    assert terminal.statuses == [0]


def test_another_shell_in_the_same_process_is_not_taken_for_a_refusal(play: Play) -> None:
    answers = entered("exec bash") + f"{READY}$ ", OPENED + prompt(number=1), entered() + prompt(number=1)
    terminal = play(*answers, looks=[AT_PROMPT])
    terminal.run("exec bash")
    assert terminal.statuses == [0]


@pytest.mark.parametrize(
    "look",
    [
        Look("boot", 7, (Program(9, "vi", 9, polls=True),), line_mode=False),
        Look("boot", 7, (Program(9, "docker", 9),), False, inner=Program(20, "bash", 20, polls=True)),
    ],
    ids=["itself", "in a container"],
)
def test_keys_come_once_a_program_waits_for_them(play: Play, look: Look) -> None:
    looks = iter([look] * 4)
    terminal = play(entered("vi") + "~", prompt(number=2), entered() + prompt(number=2), looks=looks)
    terminal.run("vi", '#$ send ":q"', "#$ sendcontrol m")
    assert terminal.typed == f"\r{pasted('vi')}:q\r\r"
    assert len(list(looks)) == 2


def test_what_is_expected_and_not_shown_is_told_with_its_own_line(play: Play) -> None:
    with pytest.raises(CommandFailed, match="was not shown within 2.5 s") as failure:
        play(entered("vi") + "~").run("vi", "#$ expect nowhere")
    assert (failure.value.line.line, failure.value.last_lines) == (5, ["~"])


def test_what_is_expected_of_a_program_that_waits_for_keys_in_silence_is_given_up_early(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("castdeck.record.keys._READY_TIMEOUT", 0.5)
    reads = Look("boot", 7, (Program(9, "sh", 9, reads=True),), line_mode=True)
    with pytest.raises(CommandFailed, match=r"was not shown within 0\.\d s"):
        play(entered("sh ask") + "colour? ", looks=[reads] * 9).run("sh ask", "#$ expect flavour")


def test_a_program_that_waits_for_more_keys_than_the_deck_gives_is_told_of_before_the_time_is_over(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("castdeck.record.shell._PATIENCE", 0.5)
    vi = Look("boot", 7, (Program(9, "vi", 9, polls=True),), line_mode=False)
    with pytest.raises(CommandFailed, match="vi waits for keys"):
        play(entered("vi") + "~", looks=[vi] * 9).run("vi", "#$ send x")


def test_ctrl_c_of_the_deck_s_own_makes_its_status_right(play: Play) -> None:
    sleep = Look("boot", 7, (Program(9, "sleep", 9),), line_mode=True)
    terminal = play(entered("sleep 9"), entered() + prompt(130, 2), looks=[sleep])
    answer = threading.Timer(1.0, terminal.show, ["^C\r\n" + prompt(130, 2)])
    answer.start()
    terminal.run("sleep 9", "#$ sendcontrol c")
    answer.join()
    assert terminal.statuses == [130]
    assert "\x03" in terminal.typed


def test_root_s_commands_are_typed_into_a_shell_of_root_that_nobody_sees(play: Play) -> None:
    shell = entered(" sudo -s") + f"{READY}# ", OPENED + prompt(number=2, pid=8, text="# ")
    root = entered("id") + prompt(number=3, pid=8), entered(" exit") + prompt(number=2)
    terminal = play(*shell, *root, entered("id") + prompt(number=3), entered() + prompt(number=3))
    terminal.run(CommandLine("id", 4, as_root=True), CommandLine("id", 5))
    expected = [" sudo -s", MARKS.opening, "id", " exit", "id"]
    assert terminal.typed == "".join(["\r", *map(pasted, expected), "\r"])
    assert terminal.statuses == [0, 0]
    assert terminal.begun == ["id", "id"]
    with pytest.raises(DeckError, match="this machine has none"):
        play().run(CommandLine("id", 4, as_root=True), root="")


def test_a_directive_needs_a_command(play: Play) -> None:
    with pytest.raises(DeckError, match="a directive needs a command before it"):
        play().run("#$ send q")


def test_what_a_terminal_takes_for_itself_can_t_be_typed(play: Play) -> None:
    with pytest.raises(DeckError, match="can't be typed"):
        play().run("echo \x03")


def test_a_shell_that_ends_is_followed_by_another(play: Play) -> None:
    new = NEW_SHELL.format(3) + f"{READY}$ ", OPENED + prompt(number=2, pid=9)
    terminal = play(entered("exit 3") + new[0], new[1], entered() + prompt(number=2, pid=9))
    terminal.run("exit 3", right=3)
    assert terminal.statuses == [3]
    assert terminal.resized == 1


@pytest.mark.parametrize("says", [prompt(number=2) + NEW_SHELL.format(129) + AFTER_BOOT, AFTER_BOOT])
def test_after_a_reboot_the_next_command_waits_for_the_new_shell(play: Play, says: str) -> None:
    new = says + f"{READY}$ ", OPENED + prompt(number=2, pid=9)
    ls = entered("ls") + prompt(1, 3, pid=9)
    terminal = play(entered("sudo reboot") + new[0], new[1], ls, entered() + prompt(1, 3, pid=9))
    terminal.run("sudo reboot", "ls", right=None, restarts=True)
    assert terminal.statuses == [0, 1]
    assert terminal.resized == 1


@pytest.mark.parametrize(
    ("answers", "goes_down"),
    [
        (["running\n900.0 1.0\n"], False),
        (["stopping\n900.0 1.0\n"], True),
        ([MachineError("busy"), "degraded\n900.0 1.0\n"], False),
        ([MachineError("down"), "starting\n3.0 1.0\n"], True),
    ],
)
def test_it_is_the_machine_that_tells_whether_it_goes_down(answers: list[object], goes_down: bool) -> None:
    class Answers:
        def run(self, script: str) -> str:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return str(answer)

        def is_lost(self) -> bool:
            return False

    assert reboot.restarts(Answers(), time.monotonic() - 20) == goes_down  # type: ignore[arg-type]


def test_the_word_alone_is_no_reboot(play: Play) -> None:
    play(entered("last reboot") + prompt(number=2), entered() + prompt(number=2)).run("last reboot")


@pytest.mark.parametrize(
    ("lines", "pagers", "steps"),
    [
        (("ls", ""), False, ["Begin", "BeIn", "ls", "", "End"]),
        (("ls", "#id"), False, ["Begin", "BeIn", "ls", "OpenRoot  sudo -s", "id", " exit", "End"]),
        (("#id", "ls"), False, ["Begin", "BeIn", "OpenRoot  sudo -s", "id", " exit", "ls", "End"]),
        (("#id",), True, ["Begin", "BeIn", "on", "OpenRoot  sudo -s", "id", " exit", "off", "End"]),
    ],
)
def test_what_is_done_for_lines_of_a_user_and_of_root(lines: tuple[str, ...], pagers: bool, steps: list[str]) -> None:
    typed = tuple(CommandLine(line.removeprefix("#"), n, line.startswith("#")) for n, line in enumerate(lines, 1))
    shell = mock.Mock()
    shell.own.pagers = ("on", "off")
    found = instructions(typed, None, shell, 2.5, 0, "sudo -s", bool, pagers, leads_inside=True)
    names = [type(step).__name__ for step in found]
    texts = [step.line.text if isinstance(step, TypeCommand) else "" for step in found]
    told = [
        text if name == "TypeCommand" else f"{name} {text}".rstrip() for name, text in zip(names, texts, strict=True)
    ]
    assert told == steps
    assert {step.leads_inside for step in found if isinstance(step, TypeCommand)} >= {True}
    chores = [step for step in found if isinstance(step, TypeCommand) and step.is_chore]
    assert not any(step.leads_inside for step in chores)
    assert [step.line.line for step in chores] == sorted(step.line.line for step in chores)
