"""The processes of a worker's sessions: how they begin and end, and what becomes of them when others end."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from castdeck.farm.processes import Process, Processes

_started_ones: list[Process] = []
pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def processes() -> Iterator[Processes]:
    found = Processes()
    yield found
    for process in _started_ones:
        process.stdin.close()
        process.stdout.close()
    _started_ones.clear()
    found.close()
    psutil.wait_procs(_servers(), 20)


def _started(processes: Processes, folder: Path) -> Process:
    with (folder / "errors").open("wb") as errors:
        _started_ones.append(processes.start(str(folder / "answer"), errors.fileno()))
    return _started_ones[-1]


def _servers() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "castdeck.farm.forks" in one.cmdline()]


def test_one_whose_stdin_is_closed_ends_and_says_why(processes: Processes, tmp_path: Path) -> None:
    process = _started(processes, tmp_path)
    process.stdin.close()
    assert process.ended.wait(20)
    assert process.status == 1
    assert "EOFError" in (tmp_path / "errors").read_text()
    assert process.stdout.read() == b""


def test_several_run_side_by_side_and_each_is_ended_by_itself(processes: Processes, tmp_path: Path) -> None:
    first, second = (_started(processes, tmp_path) for _ in range(2))
    (server,) = _servers()
    deadline = time.monotonic() + 20  # each leaves the server's session by itself, right after it has begun
    while len(sessions := {os.getsid(one.pid) for one in (server, *server.children())}) < 3:
        assert time.monotonic() < deadline, sessions
        time.sleep(0.01)
    processes.kill(first)
    assert (first.status, second.ended.is_set()) == (-signal.SIGKILL, False)
    processes.kill(first)
    processes.kill(second)
    assert server.children() == []


def test_where_their_server_is_killed_they_have_ended_and_the_next_one_has_another(
    processes: Processes, tmp_path: Path
) -> None:
    lost = _started(processes, tmp_path)
    (server,) = _servers()
    server.kill()
    assert lost.ended.wait(20)
    assert lost.status == -signal.SIGKILL
    lost.stdin.close()
    process = _started(processes, tmp_path)
    assert [one.pid for one in _servers()] != [server.pid]
    processes.kill(process)


def test_they_end_with_the_worker(tmp_path: Path) -> None:
    read, write = os.pipe()
    worker = os.fork()
    if not worker:
        try:
            _started(Processes(), tmp_path)
            (server,) = _servers()
            os.write(write, " ".join(str(one.pid) for one in (server, *server.children())).encode())
            time.sleep(600)
        finally:
            os._exit(1)
    numbers = [int(number) for number in os.read(read, 100).split()]
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    assert len(numbers) == 2
    psutil.wait_procs([psutil.Process(number) for number in numbers if psutil.pid_exists(number)], 20)
    assert not any(psutil.pid_exists(number) for number in numbers)
