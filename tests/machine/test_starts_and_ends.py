"""How every kind of machine starts and ends; each test has machines of its own."""

import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.machine.protocol import Ready
from tests.machine.prompt import typed

pytestmark = pytest.mark.timeout(600)


def test_a_command_that_takes_too_long_is_an_error(ready: Ready) -> None:
    with ready.started() as machine, pytest.raises(MachineError, match="longer than 1 s"):
        machine.run("sleep 30", timeout=1)


def test_nothing_of_one_shell_is_in_the_next_machine(ready: Ready) -> None:
    with ready.started() as machine:
        typed(machine, "export WORD=kept")
    with ready.started() as machine:
        assert typed(machine, 'echo "[$WORD]"') == ("[]\n", 0)


def test_a_machine_can_be_killed_from_another_thread_and_closed_twice(ready: Ready) -> None:
    with ready.started() as machine:
        assert not machine.is_lost()
        killer = threading.Timer(0.3, machine.kill)
        killer.start()
        with pytest.raises((AssertionError, OSError)):
            while True:
                assert os.read(machine.terminal, 65536)
        killer.join()
        assert machine.is_lost()
        machine.close()
        machine.close()
        assert machine.is_lost()


@pytest.mark.parametrize(
    "ready",
    [
        pytest.param("qemu", marks=[pytest.mark.vm, pytest.mark.slow("builder/castdeck/machine", "tests/machine")]),
        "ssh",
        "local",
    ],
    indirect=True,
)
def test_nothing_is_left_of_machines_that_have_ended_two_at_a_time(ready: Ready) -> None:
    def start(number: int) -> str:
        with ready.started() as machine:
            return typed(machine, f"sleep 1000 & echo {number} $$")[0]

    start(0)
    before = _left()
    with ThreadPoolExecutor(2) as pool:
        shown = list(pool.map(start, range(3)))
    assert [text.splitlines()[-1].split()[0] for text in shown] == ["0", "1", "2"]
    deadline = time.monotonic() + 5
    while _left() != before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _left() == before


def _left() -> tuple[int, int, int]:
    return _children(), _descriptors(), threading.active_count()


def _children() -> int:
    return len(subprocess.run(["pgrep", "-P", str(os.getpid())], capture_output=True, check=False).stdout.split())


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
