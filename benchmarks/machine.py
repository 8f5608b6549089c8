"""How long a golden machine takes from no process to a shell that answers, and whether starts leave anything behind.

.venv/bin/python benchmarks/machine.py [--machine docker] [--starts 20] [--beside 2] [--clones]

With --clones each round starts one machine that reads its memory from the snapshot, and one that shares it.
"""

import argparse
import os
import re
import select
import statistics
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from castdeck.machine.clones import cloning
from castdeck.machine.kinds import find_definition
from castdeck.machine.protocol import Machine, Ready
from castdeck.workspace import cache_folder

_DOCKER = "docker ps --quiet >/dev/null && echo it runs"


def answered(machine: Machine, line: str, timeout: float = 60) -> bytes:
    """What a line shows, once the prompt after it is there."""
    os.write(machine.terminal, line.encode() + b"\r")
    shown, deadline = b"", time.monotonic() + timeout
    while not re.search(rb"2004l\r.*2004h", shown, re.DOTALL):
        assert select.select([machine.terminal], [], [], max(0, deadline - time.monotonic()))[0], shown
        shown += os.read(machine.terminal, 65536)
    return shown


def start(ready: Ready, with_docker: bool) -> tuple[float, float, float]:
    """Seconds until the shell answers, for `docker ps` after that, and to end it."""
    began = time.monotonic()
    with ready.started() as machine:
        answered(machine, "true")
        shell = time.monotonic()
        if with_docker:
            assert b"it runs\r\n" in answered(machine, _DOCKER)
        docker = time.monotonic()
    return shell - began, docker - shell, time.monotonic() - docker


def compare(ready: Ready, starts: int) -> None:
    """Print how long it takes to a shell by either way."""
    with cloning(ready) as clones:
        began = time.monotonic()
        clones.prepare()
        print(f"to load the state, once: {time.monotonic() - began:.2f} s")
        rounds = [(start(ready, with_docker=False)[0], start(clones, with_docker=False)[0]) for _ in range(starts)]
    for what, seconds in zip(("by stream", "by clone"), zip(*rounds, strict=True), strict=True):
        print(f"{what}: median {statistics.median(seconds):.2f} s, from {min(seconds):.2f} to {max(seconds):.2f}")
    print(f"clone / stream, median of the rounds: {statistics.median(clone / stream for stream, clone in rounds):.2f}")


def left_behind() -> tuple[int, int, int, int]:
    """Child processes, open files, threads and run folders."""
    children = subprocess.run(["pgrep", "-P", str(os.getpid())], capture_output=True, check=False).stdout.split()
    runs = len(list((cache_folder() / "run").iterdir()))
    return len(children), len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), runs


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--machine", default="docker")
    arguments.add_argument("--starts", type=int, default=20)
    arguments.add_argument("--beside", type=int, default=1, help="starts at a time")
    arguments.add_argument("--clones", action="store_true", help="compare with starts by cloning, in turns")
    given = arguments.parse_args()
    ready = find_definition(given.machine, {}).ready(cache_folder(), print)
    print(f"{given.machine}: {ready.summary}")
    start(ready, with_docker=False)
    before = left_behind()
    if given.clones:
        compare(ready, given.starts)
        print(f"left behind (processes, files, threads, folders): before {before}, after {left_behind()}")
        return
    with ThreadPoolExecutor(given.beside) as pool:
        times = list(pool.map(lambda _: start(ready, given.machine == "docker"), range(given.starts)))
    for what, seconds in zip(("to a shell", "docker ps", "to end"), zip(*times, strict=True), strict=True):
        print(f"{what}: median {statistics.median(seconds):.2f} s, from {min(seconds):.2f} to {max(seconds):.2f}")
    print(f"left behind (processes, files, threads, folders): before {before}, after {left_behind()}")


if __name__ == "__main__":
    main()
