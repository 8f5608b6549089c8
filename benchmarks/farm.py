"""What a cluster costs and brings: sessions of real work on 1, 2 and 4 workers, through a real Dask scheduler.

    .venv/bin/python benchmarks/farm.py --sessions 40 --workers 1 2 4
    .venv/bin/python benchmarks/farm.py --sessions 16 --workers 2 --fault worker     # or: scheduler, network

Workers are processes of this computer, each with a cache of its own. With `--netns` (as root) each stands in a network
namespace of its own, joined to the scheduler's by a bridge. `--fault` kills a worker with all its processes, restarts
the scheduler, or takes a worker's link down (`--netns`), a third of the way through. Each run must end with exactly one
verdict a session.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

MACHINE = "debian"
PORT = 8786
_WORK = "find /usr/share -type f | sort | sha256sum\nseq 1 200000 | awk '{ sum += $1 } END { print sum }'\nsleep 1\n"
_SESSIONS_OF_A_DECK = 4


def make_workspace(folder: Path, sessions: int) -> None:
    """Decks of four sessions each, with work for a processor and a second of waiting."""
    (folder / "castdeck.toml").write_text(f'default_machine = "{MACHINE}"\n')
    for deck in range(-(-sessions // _SESSIONS_OF_A_DECK)):
        names = range(deck * _SESSIONS_OF_A_DECK, min(sessions, (deck + 1) * _SESSIONS_OF_A_DECK))
        slides = [f"# Session {name}\n\n```bash {{session=s{name}}}\n{_WORK}```\n" for name in names]
        path = folder / f"slides/deck{deck}/deck.md"
        path.parent.mkdir(parents=True)
        path.write_text("\n---\n\n".join(slides))


def castdeck(folder: Path, *arguments: str) -> tuple[float, int, str]:
    """Seconds, exit status and what it printed."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "castdeck", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
    return time.monotonic() - began, done.returncode, done.stdout


class Farm:
    """A scheduler and its workers; `inside(n)` is what comes before a command to run it where worker n stands."""

    def __init__(self, folder: Path, netns: bool, address: str) -> None:
        self.folder, self.netns, self.address = folder, netns, address
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def inside(self, number: int) -> list[str]:
        return ["ip", "netns", "exec", f"castdeck{number}"] if self.netns else []

    def start_scheduler(self) -> None:
        host = self.address.removeprefix("tcp://").rpartition(":")[0]
        self.scheduler = self._start([], "scheduler", "--host", host, "--port", str(PORT), "--no-dashboard")

    def start_worker(self, number: int) -> None:
        cache = self.folder / f"cache{number}"
        if not cache.exists():
            shutil.copytree(
                _cache(), cache, symlinks=True, ignore=shutil.ignore_patterns("logs", "run", "verified", "recordings")
            )
        worker = self._start(
            self.inside(number), "worker", self.address, "--nthreads", "1", "--no-dashboard", CASTDECK_CACHE=str(cache)
        )
        self.workers.append(worker)

    def _start(self, before: list[str], *words: str, **environment: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [*before, sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            env={**os.environ, **environment},
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def end(self) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _cache() -> Path:
    from castdeck.workspace import cache_folder

    return cache_folder()


@contextmanager
def networks(count: int) -> Iterator[str]:
    """Network namespaces castdeck0 ... on one bridge; gives the scheduler's address on it."""
    address = "10.213.7.1"
    run = ["ip", "link", "add", "castdeckbr", "type", "bridge"]
    subprocess.run(run, check=True)
    try:
        subprocess.run(["ip", "addr", "add", f"{address}/24", "dev", "castdeckbr"], check=True)
        subprocess.run(["ip", "link", "set", "castdeckbr", "up"], check=True)
        for number in range(count):
            name, link = f"castdeck{number}", f"cd{number}"
            for command in (
                f"ip netns add {name}",
                f"ip link add {link} type veth peer name eth0 netns {name}",
                f"ip link set {link} master castdeckbr up",
                f"ip -n {name} addr add 10.213.7.{number + 10}/24 dev eth0",
                f"ip -n {name} link set eth0 up",
                f"ip -n {name} link set lo up",
            ):
                subprocess.run(command.split(), check=True)
        yield f"tcp://{address}:{PORT}"
    finally:
        for number in range(count):
            subprocess.run(["ip", "netns", "del", f"castdeck{number}"], check=False)
        subprocess.run(["ip", "link", "del", "castdeckbr"], check=False)


def put_in(fault: str, farm: Farm, after: float) -> None:
    """Have the fault happen after so many seconds; what was ended comes back five seconds later."""

    def happen() -> None:
        time.sleep(after)
        if fault == "worker":
            kill(farm.workers[0])
        elif fault == "scheduler" and farm.scheduler:
            kill(farm.scheduler)
            time.sleep(5)
            farm.start_scheduler()
        elif fault == "network":
            subprocess.run(["ip", "link", "set", "cd0", "down"], check=True)
            time.sleep(5)
            subprocess.run(["ip", "link", "set", "cd0", "up"], check=True)

    threading.Thread(target=happen, daemon=True).start()


def verdicts_of(printed: str) -> dict[str, int]:
    """How many verdicts each session has; a verdict that says "not run" counts too."""
    found: dict[str, int] = {}
    for one in json.loads(printed or '{"verdicts": []}')["verdicts"]:
        name = f"{one['deck']}/{one['session']}{' not run: ' + one['failure'] if one['failure'] else ''}"
        found[name] = found.get(name, 0) + 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--fault", choices=["worker", "scheduler", "network"])
    parser.add_argument("--netns", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="castdeck-farm-") as name:
        folder = Path(name)
        make_workspace(folder, chosen.sessions)
        seconds, status, _ = castdeck(folder, "record", "--jobs", "2")
        print(f"recorded here, --jobs 2: {seconds:.1f} s, status {status}", flush=True)
        here, status, printed = castdeck(folder, "verify", "--jobs", "2", "--format", "json")
        print(
            f"verified here, --jobs 2: {here:.1f} s, status {status}, {len(verdicts_of(printed))} verdicts", flush=True
        )
        for count in chosen.workers:
            with ExitStack() as stack:
                address = stack.enter_context(networks(count)) if chosen.netns else f"tcp://127.0.0.1:{PORT}"
                farm = Farm(folder, chosen.netns, address)
                stack.callback(farm.end)
                farm.start_scheduler()
                for number in range(count):
                    farm.start_worker(number)
                time.sleep(8)  # until the workers have joined
                if chosen.fault:
                    put_in(chosen.fault, farm, here / 3)
                seconds, status, printed = castdeck(folder, "verify", "--cluster", address, "--format", "json")
            found = verdicts_of(printed)
            not_run = [one for one in found if "not run" in one]
            print(
                f"cluster of {count}: {seconds:.1f} s ({seconds / here:.2f} of here), status {status}, "
                f"{len(found)} verdicts, twice: {sum(number > 1 for number in found.values())}, not run: {not_run}",
                flush=True,
            )


if __name__ == "__main__":
    main()
