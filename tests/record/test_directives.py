"""Keys for programs: what a directive does, and what is none."""

from types import SimpleNamespace
from unittest import mock

import pytest

from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError, MachineError
from castdeck.machine.waits import Look, Program
from castdeck.record.directives import NotShown, read_directive
from castdeck.record.keys import in_front
from castdeck.record.shell import Shell


def keys(text: str) -> str:
    sent: list[str] = []
    process = SimpleNamespace(send=sent.append)
    shell = SimpleNamespace(process=process, rest=lambda seconds: sent.append(f"{seconds} s"))
    ready = mock.patch("castdeck.record.directives.is_ready_for_keys", return_value=True)
    with ready, mock.patch("castdeck.record.directives._PACE", 0):
        read_directive(CommandLine(text, 7), 5).perform(shell)  # type: ignore[arg-type]
    return "".join(sent)


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("#$ send q", "q"),
        ("    #$ send q", "q"),
        ('#$ send " "', " "),
        ("#$ send it's", "it's"),
        ("#$ send ça va", "ça va"),
        ("#$ sendline", "\r"),
        ("#$ sendline two words", "two words\r"),
        ('#$ send "\\x1b:wq\\n"', "\x1b:wq\n"),
        ("#$ send \\e\\033\\u00e9\\\\d", "\x1b\x1bé\\d"),
        ("#$ sendcontrol c", "\x03"),
        ("#$ sendcontrol [", "\x1b"),
        ("#$ sendcontrol ?", "\x7f"),
        ("#$ sendarrow down 2", "\x1b[B\x1b[B"),
        ("#$ wait 300", "0.3 s"),
    ],
)
def test_what_is_typed(text: str, sent: str) -> None:
    assert keys(text) == sent


@pytest.mark.parametrize(
    "text",
    [
        "#$ typo x",
        "#$ expect",
        "#$ send",
        "#$ sendcontrol xx",
        "#$ sendcontrol é",
        "#$ sendarrow",
        "#$ sendarrow in",
        "#$ wait soon",
    ],
)
def test_what_is_none_is_an_error_with_its_line_and_all_there_are(text: str) -> None:
    with pytest.raises(DeckError) as error:
        keys(text)
    assert str(error.value).startswith(f"error: not a directive: {text}\n  known: expect TEXT, send TEXT,")
    assert error.value.problem.line == 7


def test_an_expression_that_is_none_is_an_error() -> None:
    with pytest.raises(DeckError, match=r"not a regular expression: \(\w+ \(missing \)"):
        keys("#$ expect (name")


@pytest.mark.parametrize(
    ("text", "makes"),
    [
        ("#$ send q", -1),
        ("#$ sendcontrol c", 130),
        ("#$ sendcontrol \\", 131),
        ("#$ sendcontrol d", -1),
        ("#$ wait 5", -1),
    ],
)
def test_a_key_that_sends_a_signal_may_make_a_status(text: str, makes: int) -> None:
    assert read_directive(CommandLine(text, 7), 5).makes == makes


@pytest.mark.parametrize(("text", "is_signal"), [("#$ send q", False), ("#$ sendcontrol c", True)])
def test_keys_for_a_command_that_has_ended_are_an_error(text: str, is_signal: bool) -> None:
    with (
        mock.patch("castdeck.record.directives.is_ready_for_keys", return_value=False) as ready,
        pytest.raises(NotShown, match="^the command had ended before #"),
    ):
        read_directive(CommandLine(text, 7), 5).perform(mock.Mock())
    assert ready.call_args.kwargs == {"is_signal": is_signal}


def test_the_program_in_front_is_the_last_one_that_is_not_the_shell() -> None:
    def shell(*names: str) -> Shell:
        front = tuple(Program(pid, name, 7) for pid, name in enumerate(names, 7))
        look = Look("boot", 7, front, line_mode=False)
        return SimpleNamespace(look=lambda: look, level=SimpleNamespace(machine_pid=7))  # type: ignore[return-value]

    assert [in_front(shell(*names)) for names in (["bash", "sudo", "vi"], ["bash"], [])] == ["vi", "", ""]


def test_nobody_knows_the_program_in_front_of_a_machine_that_is_gone() -> None:
    assert in_front(mock.Mock(look=mock.Mock(side_effect=MachineError("gone")))) == ""
