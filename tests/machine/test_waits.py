"""What the kernel tells of a terminal: read from text, and asked about real programs in the sandbox."""

import os
import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest

from castdeck.errors import MachineError
from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Machine
from castdeck.machine.waits import Look, look, read_look
from castdeck.workspace import cache_folder
from tests.machine.prompt import mark, typed

TOLD = """b0071d
x86_64
{mode}
{processes}
/proc/9/syscall:{call} 0x0 0x0
"""


def process(
    pid: int,
    name: str,
    group: int,
    front: int,
    parent: int = 1,
    terminal: int = 34816,
    begun: int = 5,
    session: int = 7,
) -> str:
    stat = f"{pid} ({name}) S {parent} {group} {session} {terminal} {front} 0 0 0 0 0 0 0 0 0 20 0 1 0 {begun} 0 0"
    return f"/proc/{pid}/stat:{stat}"


def told(*processes: str, mode: str = "-icanon", call: int = 270) -> Look:
    return read_look(TOLD.format(mode=mode, processes="\n".join(processes), call=call), 7)


def test_the_shell_itself_waits_at_its_prompt() -> None:
    found = told(process(7, "bash", 7, 7))
    assert (found.is_at_shell, found.boot) == (True, "b0071d")


@pytest.mark.parametrize("number", ["a", "9" * 5000])
def test_a_machine_that_tells_nonsense_is_an_error(number: str) -> None:
    with pytest.raises(MachineError, match="is invalid"):
        read_look(f"b\nx86_64\n-icanon\n/proc/7/stat:7 (bash) S {' '.join([number] * 20)}\n", 7)


@pytest.mark.parametrize(
    ("name", "mode", "call", "waits"),
    [
        ("less", "-icanon", 0, True),
        ("top", "-icanon", 270, True),
        ("cat", "icanon", 0, True),
        ("tail", "icanon", 7, False),
        ("sleep", "icanon", 230, False),
        ("ssh", "-icanon", 7, False),
        ("ssh", "icanon", 0, True),
        ("su", "icanon", 0, True),
        ("su", "icanon", 61, False),
        ("docker", "icanon", 0, False),
    ],
)
def test_a_program_waits_for_keys_or_does_not(name: str, mode: str, call: int, waits: bool) -> None:
    found = told(process(7, "bash", 7, 9), process(9, name, 9, 9, parent=7), mode=mode, call=call)
    assert (found.waiting is not None) == waits


def test_a_program_with_others_below_it_on_another_terminal_may_be_working() -> None:
    below = process(12, "dpkg", 12, 12, parent=9, terminal=34817)
    assert told(process(7, "bash", 7, 9), process(9, "apt-get", 9, 9, parent=7), below).waiting is None


@pytest.mark.parametrize("terminal", [34821, 34816], ids=["another", "of the same number, in a container"])
def test_a_shell_behind_a_program_that_passes_keys_on_is_found(terminal: int) -> None:
    text = TOLD.format(
        mode="-icanon",
        processes="\n".join(
            [
                process(7, "bash", 7, 20),
                process(20, "docker", 20, 20, parent=7, begun=50),
                process(5, "bash", 5, 5, terminal=34820, begun=10, session=5),
                process(9, "bash", 9, 9, terminal=terminal, begun=60, session=9),
            ]
        ),
        call=270,
    )
    inner = read_look(text, 7).inner
    assert inner and inner.pid == 9


def test_a_terminal_without_its_shell_is_an_error() -> None:
    with pytest.raises(MachineError, match="shell is gone"):
        read_look("b\nx86_64\ngone\n", 7)


@pytest.fixture
def machine() -> Iterator[Machine]:
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is wanted: make packages-test")
    ready = find_definition("local", {}).ready(cache_folder(), lambda step: None)
    with ready.started() as machine:
        mark(machine)
        yield machine


def what_waits(machine: Machine, shell: int) -> str | None:
    """The program that waits for keys; "shell" while the shell itself does."""
    found = look(machine, shell)
    return "shell" if found.is_at_shell else found.waiting.name if found.waiting else None


def test_real_programs_are_told_apart(machine: Machine) -> None:
    shell = int(typed(machine, "echo $$")[0])
    assert look(machine, shell).is_at_shell
    for line, waits, leave in (("sleep 2", None, b""), ("cat", "cat", b"\x04"), ("read word", "bash", b"x\r")):
        os.write(machine.terminal, line.encode() + b"\r")
        deadline = time.monotonic() + 10
        while (found := what_waits(machine, shell)) != waits and time.monotonic() < deadline:
            time.sleep(0.05)
        assert found == waits
        os.write(machine.terminal, leave)
        while not look(machine, shell).is_at_shell and time.monotonic() < deadline:
            time.sleep(0.05)


def test_all_programs_are_looked_at_only_where_one_passes_keys_on(machine: Machine) -> None:
    shell = int(typed(machine, "echo $$")[0])
    told: list[str] = []
    original = machine.run

    def run(script: str, **options: Any) -> str:
        told.append(original(script, **options))
        return told[-1]

    machine.run = run  # type: ignore[method-assign]
    look(machine, shell)
    own = told[-1].count("/stat:")
    typed(machine, "ln -s $(command -v sleep) ~/ssh")
    os.write(machine.terminal, b"~/ssh 60\r")
    deadline = time.monotonic() + 10
    while told[-1].count("/stat:") <= own + 1 and time.monotonic() < deadline:
        found = look(machine, shell)
    assert [one.name for one in found.front] == ["ssh"]
    assert told[-1].count("/stat:") > own + 1  # such as what looks
    assert own == 1
