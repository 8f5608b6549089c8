"""A class's machines side by side: how long they take to their shells, and what memory each has for itself.

.venv/bin/python benchmarks/live_class.py [--machine docker] [--students 20] [--resets 10] [--stream]

With --stream each machine has memory of its own, for comparison.
"""

import argparse
import re
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Barrier

from castdeck.machine.clones import cloning
from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Ready
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.workspace import cache_folder
from machine import answered, left_behind


def private_memory(pid: int) -> float:
    """MiB that only this process has."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", rollup, re.MULTILINE)) / 1024


def free_memory() -> float:
    """MiB that this computer could still give to programs."""
    found = re.search(r"MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(encoding="ascii"))
    assert found
    return int(found[1]) / 1024


def student(ready: Ready, resets: int, all_there: Barrier) -> tuple[list[float], float]:
    """Seconds of each start, and the memory of the last machine once everybody has one."""
    starts: list[float] = []
    for number in range(resets + 1):
        began = time.monotonic()
        with ready.started() as machine:
            answered(machine, "true")
            starts.append(time.monotonic() - began)
            if number == resets:
                all_there.wait()
                assert b"42" in answered(machine, "echo $((6*7))")
                assert isinstance(machine, QemuMachine)
                return starts, private_memory(machine.pid)
    raise AssertionError


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--machine", default="docker")
    arguments.add_argument("--students", type=int, default=20)
    arguments.add_argument("--resets", type=int, default=10)
    arguments.add_argument("--stream", action="store_true", help="without sharing memory")
    given = arguments.parse_args()
    ready = find_definition(given.machine, {}).ready(cache_folder(), print)
    before = left_behind()
    with nullcontext(ready) if given.stream else cloning(ready) as machines:
        free, taken = free_memory(), list[float]()
        all_there = Barrier(given.students, lambda: taken.append(free - free_memory()))
        with ThreadPoolExecutor(given.students) as pool:
            found = list(pool.map(lambda _: student(machines, given.resets, all_there), range(given.students)))
    starts = [seconds for one, _ in found for seconds in one]
    print(
        f"{len(starts)} starts: median {statistics.median(starts):.2f} s, from {min(starts):.2f} to {max(starts):.2f}"
    )
    memory = [size for _, size in found]
    print(f"memory of its own: median {statistics.median(memory):.0f} MiB, from {min(memory):.0f} to {max(memory):.0f}")
    print(f"all {given.students} together: {taken[0]:.0f} MiB less free memory")
    print(f"left behind (processes, files, threads, folders): before {before}, after {left_behind()}")


if __name__ == "__main__":
    main()
