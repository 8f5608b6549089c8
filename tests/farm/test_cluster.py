"""Sessions on a real Dask cluster, of processes of this computer, in the local machine's sandbox."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dask
import psutil
import pytest
from distributed import LocalCluster, Scheduler, SpecCluster, Worker, get_worker

from castdeck.cancellation import Cancellation
from castdeck.farm import cluster as farm
from tests.conftest import Cli, needs_bubblewrap

pytestmark = [
    needs_bubblewrap,
    pytest.mark.filterwarnings("ignore"),  # Dask's own
    pytest.mark.timeout(300),
    pytest.mark.slow(
        "builder/castdeck/farm", "builder/castdeck/record", "builder/castdeck/cli/record.py", "tests/farm"
    ),
]
DECK = """---
machine: local
---

# A {#a}

```bash
echo one
```

---

# B {#b}

```bash {session=db}
echo "two $((1 + 1))"
```
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    """Two workers, each a process with a thread."""
    folder = tmp_path_factory.mktemp("cluster")
    before = dict(os.environ)
    os.environ.update(CASTDECK_CONFIG=str(folder / "config"), CASTDECK_CACHE=str(folder / "cache"))
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address=None,
        local_directory=str(folder),
        silence_logs=50,
        preload=["castdeck.farm.worker"],
    ) as found:
        yield found
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def workspace(tmp_path: Path, cluster: LocalCluster, cli: Cli) -> Path:
    (tmp_path / "castdeck.toml").write_text("")
    (tmp_path / "slides/course").mkdir(parents=True)
    (tmp_path / "slides/course/deck.md").write_text(DECK)
    assert cli("machine", "allow", "local", "--yes").status == 0
    return tmp_path


def test_a_deck_is_recorded_and_verified_on_the_workers(cli: Cli, workspace: Path, cluster: LocalCluster) -> None:
    done = cli("record", "--cluster", cluster.scheduler_address)
    assert done.status == 0, done.err
    assert "course: 2 recorded, 0 still true" in done.err
    assert sorted(path.name for path in (workspace / "recordings/course").iterdir()) == [
        "a-1.cast",
        "b-1.cast",
        "index.json",
    ]
    verified = cli("verify", "--cluster", cluster.scheduler_address, "--format", "json")
    assert verified.status == 0, verified.err
    verdicts = json.loads(verified.out)["verdicts"]
    assert [(one["session"], [block["name"] for block in one["blocks"]]) for one in verdicts] == [
        ("", ["a-1"]),
        ("db", ["b-1"]),
    ]
    assert cli("verify", "--format", "json").status == 0
    again = cli("verify", "--cluster", cluster.scheduler_address, "--since", "1h")
    told = "2 sessions verified without drift in that time: not run again\n"
    assert (again.status, again.err) == (0, told)
    part = cli("verify", "--cluster", cluster.scheduler_address, "--shard", "1/2")
    assert (part.status, part.err.count("replayed")) == (0, 1), part.err
    (workspace / "slides/course/deck.md").write_text(DECK.replace("echo one", "echo other"))
    drifted = cli("verify", "--cluster", cluster.scheduler_address)
    assert drifted.status == 1
    assert "deck.md:7: error: echo other: its commands have changed since they were recorded" in drifted.err


def test_a_block_that_fails_is_told_with_its_line(cli: Cli, workspace: Path, cluster: LocalCluster) -> None:
    (workspace / "slides/course/deck.md").write_text(DECK.replace("echo one", "false"))
    done = cli("record", "--cluster", cluster.scheduler_address)
    assert done.status == 1
    assert done.err.count("deck.md:8: error: false: ended with exit status 1") == 1
    assert done.err.index("failed a-1") < done.err.index("deck.md:8: error: false")
    assert "1 recorded" in done.err and "1 failed" in done.err


def test_a_session_whose_worker_is_lost_runs_on_another(cli: Cli, workspace: Path, cluster: LocalCluster) -> None:
    (workspace / "slides/course/deck.md").write_text(DECK.replace("echo one", "sleep 4; echo one"))

    def kill_one() -> None:
        while not (busy := _workers_with_sessions(cluster)):
            time.sleep(0.1)
        busy[0].kill()

    killer = threading.Thread(target=kill_one)
    killer.start()
    done = cli("record", "--cluster", cluster.scheduler_address)
    killer.join()
    assert done.status == 0, done.err
    assert "course: 2 recorded" in done.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "killed"])
def test_a_client_that_ends_ends_the_sessions_on_the_workers_too(
    workspace: Path, cluster: LocalCluster, number: signal.Signals
) -> None:
    (workspace / "slides/course/deck.md").write_text(DECK.replace("echo one", "sleep 100"))
    process = subprocess.Popen(
        [sys.executable, "-m", "castdeck", "record", "--cluster", cluster.scheduler_address],
        cwd=workspace,
        stderr=subprocess.PIPE,
    )
    while not _workers_with_sessions(cluster):
        time.sleep(0.1)
    process.send_signal(number)
    assert process.wait(20) == -number
    deadline = time.monotonic() + 60
    while _workers_with_sessions(cluster):
        assert time.monotonic() < deadline, "a session still runs on a worker"
        time.sleep(0.1)


def test_a_machine_is_made_ready_on_every_worker(cli: Cli, workspace: Path, cluster: LocalCluster) -> None:
    done = cli("machine", "build", "local", "--cluster", cluster.scheduler_address)
    assert done.status == 0, done.err
    ready = {line.partition(":")[0]: line for line in done.out.splitlines()}
    workers = sorted(cluster.scheduler_info["workers"])
    assert [line.split(" on ")[1].split(": ready")[0] for line in sorted(done.out.splitlines())] == workers, ready


def test_a_scheduler_that_is_not_there(cli: Cli, workspace: Path) -> None:
    done = cli("verify", "--cluster", "tcp://127.0.0.1:9")
    assert done.status == 2
    assert "error: no scheduler answers at tcp://127.0.0.1:9" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cluster-secrets"], "--cluster-secrets needs --cluster"),
        (["--cluster", "tcp://127.0.0.1:9", "--cluster-secrets"], "needs a scheduler with a tls:// address"),
        (["--cluster", "tcp://127.0.0.1:9", "--jobs", "2"], "--jobs is for this computer"),
        (["--cluster", "127.0.0.1"], "--cluster 127.0.0.1: a scheduler's address looks like tcp://host:8786"),
    ],
)
def test_options_that_do_not_go_together(cli: Cli, workspace: Path, options: list[str], message: str) -> None:
    done = cli("verify", *options)
    assert (done.status, message in done.err) == (2, True)


def _workers_with_sessions(cluster: LocalCluster) -> list[psutil.Process]:
    """The workers' processes that have a session's process, which is forked from another one."""
    workers = [psutil.Process(nanny.pid) for nanny in cluster.workers.values() if nanny.pid]
    return [
        worker
        for worker in workers
        if sum("castdeck.farm.forks" in " ".join(_command(one)) for one in worker.children(recursive=True)) > 1
    ]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def test_what_is_no_answer_or_too_large_is_refused(cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs are pickled by reference, so a worker runs whatever function has that name there."""
    monkeypatch.setattr(farm, "MOST", 1 << 20)
    answers = {"whole": (b"x", ""), "large": (bytes(2 << 20), ""), "number": 5, "texts": ("x", "y"), "none": None}
    monkeypatch.setattr(farm, "run_session", lambda job, name: answers[name])
    with farm.connected(cluster.scheduler_address) as found:
        results = found.run([farm.ClusterTask(name, b"") for name in answers], lambda id, event: None, Cancellation())
        said = {one.id: (one.answer, one.failure) for one in results}
    nothing = (b"", "what the worker sent is no answer")
    assert said == {
        "whole": (b"x", ""),
        "large": (b"", "the worker's answer is too large (2 MiB)"),
        **dict.fromkeys(("number", "texts", "none"), nothing),
    }


def test_machines_that_kvm_makes_faster_run_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "run_session", lambda job, name: (get_worker().name.encode(), ""))
    options: dict[str, dict[str, object]] = {"slow": {}, "fast": {"resources": {"KVM": 1}}}
    workers = {name: {"cls": Worker, "options": {"nthreads": 1, **more}} for name, more in options.items()}
    scheduler = {"cls": Scheduler, "options": {"dashboard_address": None}}
    with (
        SpecCluster(workers=workers, scheduler=scheduler, silence_logs=50) as both,
        farm.connected(both.scheduler_address) as connected,
    ):
        tasks = [farm.ClusterTask(f"course {number}", b"", is_accelerated=True) for number in range(4)]
        results = list(connected.run(tasks, lambda id, event: None, Cancellation()))
    assert {result.answer for result in results} == {b"fast"}


@pytest.mark.parametrize("left", [{}, {"tcp://127.0.0.1:1": {"MEMORY": 1.0}}], ids=["none", "too small"])
def test_where_no_worker_for_a_task_is_left_it_is_told_and_not_waited_for(
    left: dict[str, dict[str, float]], cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farm, "PATIENCE", -1.0)
    said = iter([{"tcp://127.0.0.1:1": {"MEMORY": float(2 << 20)}}, left])
    monkeypatch.setattr(farm.Cluster, "_workers", lambda self: next(said))
    with farm.connected(cluster.scheduler_address) as connected:
        (result,) = connected.run([farm.ClusterTask("course", b"", memory=2)], lambda id, event: None, Cancellation())
    assert result == farm.Result("course", b"", "the cluster has no worker for it any more")


def test_a_scheduler_that_does_not_come_back_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farm, "PATIENCE", 4.0)
    monkeypatch.setattr(farm._Running, "can_run_on", lambda self, workers: True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    options = ["--host", address, "--no-dashboard"]
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", *options]) as scheduler,
        farm.connected(address) as connected,
    ):
        threading.Timer(1, scheduler.kill).start()
        results = connected.run([farm.ClusterTask("course", b"")], lambda id, event: None, Cancellation())
        assert list(results) == [farm.Result("course", b"", "the cluster's scheduler is gone")]
