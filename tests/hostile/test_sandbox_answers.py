"""castdeck's own commands in a sandbox that is slow, or that a block has meddled with."""

import socket
from collections.abc import Iterator

import pytest

from castdeck.errors import MachineError
from castdeck.machine.foreign import Lines
from castdeck.machine.kinds import find_definition
from castdeck.machine.local import LocalMachine
from castdeck.workspace import cache_folder


@pytest.fixture(scope="module")
def machine() -> Iterator[LocalMachine]:
    with find_definition("local", {}).ready(cache_folder(), print).started() as machine:
        assert isinstance(machine, LocalMachine)
        yield machine


def test_the_answer_of_a_command_that_took_too_long_is_no_later_commands(machine: LocalMachine) -> None:
    with pytest.raises(MachineError, match="took longer than 1 s"):
        machine.run("sleep 1.2; echo late", timeout=1)
    assert machine.run("echo soon") == "soon\n"
    with pytest.raises(MachineError, match="took longer than 1 s"):
        machine.run("sleep 600", timeout=1)
    assert machine.run("cat", stdin="given") == "given"


def test_a_command_that_fails_says_why(machine: LocalMachine) -> None:
    with pytest.raises(MachineError, match="in the sandbox, a command failed:\nno such thing"):
        machine.run("echo no such thing >&2; exit 3")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"0 0 !!!\n", "sent an invalid answer"),
        (b"0 zero \n", "a command failed"),
        (b"0\n", "a command failed"),
        (b"1 0 \n2 0 \n\n", "took longer than 1 s"),
        (b"\xff\xfe\n" * 1000, "took longer than 1 s"),
    ],
)
def test_an_answer_of_a_block_s_making_is_an_error(
    monkeypatch: pytest.MonkeyPatch, machine: LocalMachine, answer: bytes, said: str
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(answer)
        monkeypatch.setattr(machine, "_commands", Lines(ours, 10_000))
        monkeypatch.setattr(machine, "_numbers", iter([0]))
        with pytest.raises(MachineError, match=said):
            machine.run("true", timeout=1)
