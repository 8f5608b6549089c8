"""What a cluster costs and survives: sessions of real work on 1, 2 and 4 workers, through a real Dask scheduler.

    .venv/bin/python benchmarks/farm.py                              # 40 sessions, all workers, all faults; unattended
    .venv/bin/python benchmarks/farm.py --sessions 8 --workers 2 --faults scheduler
    .venv/bin/python benchmarks/farm.py --machine local --sessions 8 --faults worker hostile   # no virtual machine

Workers are processes of this computer, each with a cache of its own. As root each stands in a network namespace of its
own, joined to the scheduler's by a bridge; the fault `network` needs that. A fault comes when a third of all is done:
`worker` kills one with all its processes, `scheduler` ends it and starts another, `network` takes a worker's link down
for some seconds; with `hostile` one worker answers with recordings and verdicts that are none. Each run has to end with
exactly one verdict a session, and runs without a fault with the verdicts that this computer alone gives.
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
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

PORT = 8786
FAULTS = ("worker", "scheduler", "network", "hostile")
_WORK = "find /usr/share -type f | sort | sha256sum\nseq 1 200000 | awk '{ sum += $1 } END { print sum }'\nsleep 1\n"
_SETTINGS = {
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",
    "DASK_DISTRIBUTED__WORKER__MEMORY__MONITOR_INTERVAL": "2s",
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
}  # as docs/scale.md recommends
_SESSIONS_OF_A_DECK = 4
_TOLD = "told.log"
_LOOK = 0.2  # seconds between looks at it
_PAUSE = 5  # seconds until what was ended comes back
_MOST = 3600  # seconds of one run
_HOSTILE = '''
"""A worker's preload: it answers every job with something that no worker should send."""
import itertools, json
import castdeck.farm.worker as worker

def answer(**changed):
    usual = {"verdicts": "", "files": {}, "seconds": {}, "failed": [], "not_reached": 0}
    return json.dumps(usual | changed).encode()

OTHER = {"deck": "\\x1b[2Jdeck", "session": "x", "failure": "", "blocks": []}
ANSWERS = itertools.cycle([
    answer(files={"../../etc/other.cast": "eA=="}),
    answer(files={"other-1.cast": "eA=="}),
    answer(verdicts=json.dumps({"version": 1, "verdicts": [OTHER]})),
    answer(verdicts="\\x1b]0;title\\x07" * 10),
    b"not json", 5, None, lambda: bytes(300 << 20),
])

def run_session(job, name):
    found = next(ANSWERS)
    return (found() if callable(found) else found), "\\x1b[31m" if found is None else ""

worker.run_session = run_session
'''


def make_workspace(folder: Path, sessions: int, machine: str) -> None:
    """Decks of four sessions each, with work for a processor and a second of waiting."""
    (folder / "castdeck.toml").write_text(f'default_machine = "{machine}"\n')
    for deck in range(-(-sessions // _SESSIONS_OF_A_DECK)):
        names = range(deck * _SESSIONS_OF_A_DECK, min(sessions, (deck + 1) * _SESSIONS_OF_A_DECK))
        slides = [f"# Session {name}\n\n```bash {{session=s{name}}}\n{_WORK}```\n" for name in names]
        path = folder / f"slides/deck{deck}/deck.md"
        path.parent.mkdir(parents=True)
        path.write_text("\n---\n\n".join(slides))


def castdeck(folder: Path, *arguments: str) -> tuple[float, int, str]:
    """Seconds, exit status and what it printed. What it tells meanwhile is in the file _TOLD."""
    began = time.monotonic()
    told = folder / _TOLD
    try:
        with told.open("wb") as stderr:
            done = subprocess.run(
                [sys.executable, "-m", "castdeck", *arguments],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                check=False,
                timeout=_MOST,
            )
    except subprocess.TimeoutExpired:
        return _MOST, -1, ""
    if done.returncode:
        sys.stderr.write(told.read_text()[-1500:])
    return time.monotonic() - began, done.returncode, done.stdout


class Farm:
    """A scheduler and its workers, each where its network is."""

    def __init__(self, folder: Path, address: str, machine: str, *, in_namespaces: bool) -> None:
        self.folder, self.address, self.machine, self.in_namespaces = folder, address, machine, in_namespaces
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_scheduler(self) -> None:
        host = self.address.removeprefix("tcp://").rpartition(":")[0]
        self.scheduler = self._start([], "scheduler", "--host", host, "--port", str(PORT), "--no-dashboard")

    def start_worker(self, number: int, *preload: str) -> None:
        cache = self.folder / f"cache{number}"
        if not cache.exists():
            copy_machine(self.machine, cache)
        inside = ["ip", "netns", "exec", f"castdeck{number}"] if self.in_namespaces else []
        options = ["--nthreads", "1", "--no-dashboard", "--preload", "castdeck.farm.worker", *preload]
        self.workers.append(self._start(inside, "worker", self.address, *options, CASTDECK_CACHE=str(cache)))

    def start_ended_workers(self) -> None:
        """As whatever keeps workers running does: they end when their scheduler does."""
        for number, process in enumerate(list(self.workers)):
            process.wait(60)
            self.start_worker(number)

    def wait_for_workers(self) -> None:
        from distributed import Client

        with Client(self.address, timeout=60, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(len(self.workers), timeout=120)

    def _start(self, before: list[str], *words: str, **environment: str) -> "subprocess.Popen[bytes]":
        log = (self.folder / f"{words[0]}.log").open("ab")
        return subprocess.Popen(
            [*before, sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            env={**os.environ, **_SETTINGS, **environment},
            cwd=self.folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def end(self) -> None:
        for process in [*self.workers, *([self.scheduler] if self.scheduler else [])]:
            kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started, also what has a process group of its own."""
    import psutil

    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    for one in below:
        if one.is_running():
            one.kill()
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def copy_machine(name: str, cache: Path) -> None:
    """A cache folder with that machine and what is known of this computer, but no states of decks."""
    from castdeck.workspace import cache_folder

    machines = cache / "machines"
    machines.mkdir(parents=True)
    for path in (cache_folder() / "machines").glob("*"):
        names = path / "names"
        if path.name.startswith("accelerator") or (names.is_file() and name in names.read_text().split()):
            subprocess.run(["cp", "-a", "--sparse=always", path, machines], check=True)
    for states in machines.glob("*/golden-*/checkpoints"):
        shutil.rmtree(states)


@contextmanager
def networks(count: int) -> Iterator[str]:
    """Network namespaces castdeck0 ... on one bridge; gives the scheduler's address on it."""
    address = "10.213.7.1"
    commands = [
        "ip link add castdeckbr type bridge",
        f"ip addr add {address}/24 dev castdeckbr",
        "ip link set castdeckbr up",
    ]
    for number in range(count):
        name, link = f"castdeck{number}", f"cd{number}"
        commands += [
            f"ip netns add {name}",
            f"ip link add {link} type veth peer name eth0 netns {name}",
            f"ip link set {link} master castdeckbr up",
            f"ip -n {name} addr add 10.213.7.{number + 10}/24 dev eth0",
            f"ip -n {name} link set eth0 up",
            f"ip -n {name} link set lo up",
        ]
    _remove_networks(count)  # of a run that was killed
    try:
        for command in commands:
            subprocess.run(command.split(), check=True)
        yield f"tcp://{address}:{PORT}"
    finally:
        _remove_networks(count)


def _remove_networks(count: int) -> None:
    for number in range(count):  # a link outlives its namespace while a killed process is still there
        subprocess.run(["ip", "link", "del", f"cd{number}"], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", f"castdeck{number}"], check=False, capture_output=True)
    subprocess.run(["ip", "link", "del", "castdeckbr"], check=False, capture_output=True)


@contextmanager
def put_in(fault: str, farm: Farm, blocks: int) -> Iterator[None]:
    """Have the fault happen when so many blocks are done; what was ended comes back a little later."""
    is_over = threading.Event()

    def happen() -> None:
        while (farm.folder / _TOLD).read_text().count("replayed") < blocks:
            if is_over.wait(_LOOK):
                return
        if fault == "worker":
            kill(farm.workers[0])
        elif fault == "scheduler" and farm.scheduler:
            kill(farm.scheduler)
            time.sleep(_PAUSE)
            farm.start_scheduler()
            farm.start_ended_workers()
        elif fault == "network":
            subprocess.run(["ip", "link", "set", "cd0", "down"], check=True)
            time.sleep(_PAUSE)
            subprocess.run(["ip", "link", "set", "cd0", "up"], check=True)

    (farm.folder / _TOLD).write_text("")
    thread = threading.Thread(target=happen)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def verdicts_of(printed: str) -> list[dict[str, Any]]:
    """The verdicts in a report."""
    found: list[dict[str, Any]] = json.loads(printed or '{"verdicts": []}')["verdicts"]
    return found


def as_expected(verdicts: list[dict[str, Any]]) -> dict[str, str]:
    """What is said of each session, without what no two runs share."""
    return {
        f"{one['deck']}/{one['session']}": one["failure"] or str([bool(block["drifts"]) for block in one["blocks"]])
        for one in verdicts
    }


def run_cluster(
    folder: Path, machine: str, count: int, fault: str, here: float, alone: dict[str, str], *, in_namespaces: bool
) -> bool:
    """Verify on so many workers, print a row, and tell whether each session has one verdict."""
    with ExitStack() as stack:
        usual = nullcontext(f"tcp://127.0.0.1:{PORT}")
        address = stack.enter_context(networks(count) if in_namespaces else usual)
        farm = Farm(folder, address, machine, in_namespaces=in_namespaces)
        stack.callback(farm.end)
        farm.start_scheduler()
        (folder / "hostile.py").write_text(_HOSTILE)
        for number in range(count):
            farm.start_worker(number, *(("--preload", "hostile.py") if fault == "hostile" and number == 0 else ()))
        farm.wait_for_workers()
        if fault:
            stack.enter_context(put_in(fault, farm, max(1, len(alone) // 3)))
        seconds, status, printed = castdeck(folder, "verify", "--cluster", address, "--format", "json")
    verdicts = verdicts_of(printed)
    times = Counter(f"{one['deck']}/{one['session']}" for one in verdicts)
    is_whole = set(times) == set(alone) and set(times.values()) <= {1}
    same = sum(alone.get(name) == said for name, said in as_expected(verdicts).items())
    not_run = sorted({one["failure"] for one in verdicts if one["failure"]})
    print(
        f"{count} workers, {fault or 'no fault'}: {seconds:.1f} s ({seconds / here:.2f} of here), status {status}, "
        f"{len(times)} sessions, one verdict each: {is_whole}, as here: {same}"
        + f"; not run: {ascii(not_run)}"
        * bool(not_run),
        flush=True,
    )
    return is_whole and (bool(fault) or same == len(alone))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=40)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--faults", nargs="*", choices=FAULTS, default=FAULTS)
    parser.add_argument("--machine", default="debian")
    parser.add_argument("--no-namespaces", action="store_true")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # what was started is ended
    in_namespaces = os.geteuid() == 0 and not chosen.no_namespaces
    good = True
    with tempfile.TemporaryDirectory(prefix="castdeck-farm-") as name:
        folder = Path(name)
        make_workspace(folder, chosen.sessions, chosen.machine)
        castdeck(folder, "machine", "allow", chosen.machine, "--yes")
        seconds, status, _ = castdeck(folder, "record", "--jobs", "2")
        print(f"recorded here, --jobs 2: {seconds:.1f} s, status {status}", flush=True)
        here, status, printed = castdeck(folder, "verify", "--jobs", "2", "--format", "json")
        alone = as_expected(verdicts_of(printed))
        print(f"verified here, --jobs 2: {here:.1f} s, status {status}, {len(alone)} sessions", flush=True)
        good = len(alone) == chosen.sessions
        before = _recordings(folder)
        for count in chosen.workers:
            good = run_cluster(folder, chosen.machine, count, "", here, alone, in_namespaces=in_namespaces) and good
        for fault in chosen.faults:
            if fault != "network" or in_namespaces:
                good = run_cluster(folder, chosen.machine, 2, fault, here, alone, in_namespaces=in_namespaces) and good
        untouched = _recordings(folder) == before
        print(f"recordings untouched: {untouched}; all as it should be: {good and untouched}")
    return 0 if good and untouched else 1


def _recordings(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((folder / "recordings").rglob("*")) if path.is_file()}


if __name__ == "__main__":
    sys.exit(main())
