"""What every kind of machine does alike: the same tests for a virtual machine, a host over ssh, and the sandbox."""

import os
from collections.abc import Iterator

import pytest

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine, Ready
from castdeck.marks import READY
from tests.machine.prompt import left, mark, typed

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def machine(ready: Ready) -> Iterator[Machine]:
    """One running machine for all tests that leave it as it was."""
    with ready.started() as machine:
        yield machine


def test_a_command_is_shown_with_its_status(machine: Machine) -> None:
    assert typed(machine, "echo déjà; false") == ("déjà\n", 1)
    assert typed(machine, "true") == ("", 0)


def test_a_program_whose_reader_has_ended_ends_without_a_word(machine: Machine) -> None:
    assert typed(machine, "yes | head -1") == ("y\n", 0)


def test_the_shell_knows_the_terminals_size(machine: Machine) -> None:
    machine.resize(77, 13)
    assert typed(machine, "sleep 0.3; stty size") == ("13 77\n", 0)


def test_a_shell_that_ends_is_followed_by_another(machine: Machine) -> None:
    assert typed(machine, "true")[1] == 0
    assert left(machine, "word=kept; cd /; exit 4") == 4
    assert typed(machine, 'echo "[$word]"')[0].endswith("[]\n")


def test_a_command_runs_as_the_terminals_user_beside_it(machine: Machine) -> None:
    user = typed(machine, "id -u")[0]
    assert machine.run("id -u; cat; echo; pwd >/dev/null", stdin="what it reads é\n") == f"{user}what it reads é\n\n"
    with pytest.raises(MachineError, match="no such thing"):
        machine.run("echo no such thing >&2; exit 3")


def test_root_has_a_shell_or_there_is_none(machine: Machine) -> None:
    if not machine.root_shell:
        with pytest.raises(MachineError, match="root"):
            machine.run("true", as_root=True)
        return
    assert machine.run("id -u", as_root=True) == "0\n"
    os.write(machine.terminal, f" {machine.root_shell}\r".encode())
    shown = b""
    while READY.encode() not in shown:
        shown += os.read(machine.terminal, 65536)
    mark(machine)
    assert typed(machine, "id -u; false") == ("0\n", 1)
    typed(machine, "exit")
    assert typed(machine, "echo back") == ("back\n", 0)
