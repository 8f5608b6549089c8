"""Many machines from one state: each is one of its own, and they share what they have not changed."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.machine.clones import Clones, cloning
from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Machine
from castdeck.machine.qemu.accelerators import known_accelerator
from castdeck.machine.qemu.host import has_reliable_counter
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.workspace import cache_folder
from tests.emulators import emulators
from tests.machine.prompt import typed

pytestmark = [
    pytest.mark.vm,
    pytest.mark.slow("builder/castdeck/machine", "tests/machine"),  # tests/vm/test_live_terminals.py clones each time
    pytest.mark.timeout(600),
]
_ROOM = 8 << 30
_KEY = "state-of-test-clones"


@pytest.fixture(scope="module")
def clones() -> Iterator[Clones]:
    ready = find_definition("docker", {}).ready(cache_folder(), lambda step: None)
    with cloning(ready) as found:
        yield found
    assert emulators() == []


def _private_memory(machine: Machine) -> int:
    """MiB that only this machine has."""
    assert isinstance(machine, QemuMachine)
    rollup = Path(f"/proc/{machine.pid}/smaps_rollup").read_text()
    return sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", rollup, re.MULTILINE)) // 1024


def test_clones_do_not_see_each_other_and_share_their_memory_but_for_the_first(clones: Clones) -> None:
    with ExitStack() as stack:
        machines = [stack.enter_context(clones.started()) for _ in range(3)]
        for number, machine in enumerate(machines):
            typed(machine, f"echo {number} >/dev/shm/which; sudo touch /root/{number}")
        shown = [
            typed(machine, "cat /dev/shm/which; sudo ls /root; docker images -q debian | wc -l") for machine in machines
        ]
        assert shown == [(f"{number}\n{number}\n1\n", 0) for number in range(3)]
        first, *others = map(_private_memory, machines)
        assert max(others) < min(400, first)


def test_each_clone_has_randomness_a_machine_id_and_the_time_of_its_own(clones: Clones) -> None:
    told = set()
    for _ in range(2):
        with clones.started() as machine:
            machine.run("true")  # what makes it fresh comes before
            told.add(typed(machine, "od -An -N16 -x /dev/urandom")[0])
            told.add(typed(machine, "cat /etc/machine-id")[0])
            assert typed(machine, "sudo journalctl --quiet -n1 | wc -l") == ("1\n", 0)
            assert typed(machine, "[ $(date +%Y) -gt 2025 ]; systemctl is-active docker") == ("active\n", 0)
    assert len(told) == 4


def test_time_passes_in_a_clone_as_on_this_computer(clones: Clones) -> None:
    clock = "cat /sys/devices/system/clocksource/*/current_clocksource"
    with clones.started() as machine:
        machine.run("true")  # what makes it fresh comes before
        began, first = time.monotonic(), float(machine.run("date +%s.%N"))
        machine.run("sleep 3")
        last, ended = float(machine.run("date +%s.%N")), time.monotonic()
        assert 2.9 < last - first < ended - began + 0.1
        assert abs(last - time.time()) < 5
        if has_reliable_counter() and known_accelerator(cache_folder() / "machines").startswith("tcg"):
            assert machine.run(clock) == "tsc\n"


def test_the_state_of_a_clone_is_kept_and_cloned_again(clones: Clones) -> None:
    states = clones.checkpoints(_ROOM)
    assert states
    states.discard(_KEY)
    with clones.started() as machine:
        typed(machine, "echo kept >/dev/shm/word; docker run -d --name web debian sleep 1000", timeout=120)
        assert states.save(_KEY, machine)
    for _ in range(2):
        with clones.started(_KEY) as machine:
            shown, _ = typed(machine, "cat /dev/shm/word; docker ps --format '{{.Names}}'", timeout=120)
            assert shown == "kept\nweb\n"
    states.discard(_KEY)
    with pytest.raises(MachineError), clones.started("no such state"):
        pass
