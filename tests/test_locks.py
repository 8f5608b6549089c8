"""Lock files: one holder at a time, waiting that can be given up, nothing left locked by a killed process."""

import subprocess
import sys
from pathlib import Path

import pytest

from castdeck import locks
from castdeck.locks import locked, locked_now

HOLD = """
import sys, time
from pathlib import Path
from castdeck.locks import locked
with locked(Path(sys.argv[1])):
    print(flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


class GivenUpError(Exception):
    pass


def give_up(seconds: float) -> None:
    raise GivenUpError


def test_only_one_holds_a_lock(path: Path) -> None:
    with locked(path), pytest.raises(BlockingIOError), locked_now(path):
        pass
    with locked_now(path):
        pass


def test_waiting_is_said_once_and_ends_with_the_lock(path: Path) -> None:
    said: list[str] = []
    tries: list[float] = []
    holder = locked(path)
    holder.__enter__()

    def pause(seconds: float) -> None:
        tries.append(seconds)
        if len(tries) == 3:
            holder.__exit__(None, None, None)

    with locked(path, waits=lambda: said.append("waiting"), pause=pause):
        assert said == ["waiting"]
        assert len(tries) == 3


def test_waiting_can_be_given_up(path: Path) -> None:
    with locked(path), pytest.raises(GivenUpError), locked(path, pause=give_up):
        pass
    with locked_now(path):
        pass


def test_the_lock_of_a_killed_process_is_free(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline()
        with pytest.raises(BlockingIOError), locked_now(path):
            pass
        process.kill()
        process.wait()
        with locked_now(path):
            pass


def test_a_lock_file_that_was_removed_meanwhile_is_made_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    take = locks.take
    removed: list[Path] = []

    def take_a_removed_file(lock: int, **how: bool) -> None:
        if not removed:
            removed.append(path)
            path.unlink()
        take(lock, **how)

    monkeypatch.setattr(locks, "take", take_a_removed_file)
    with locked_now(path):
        assert path.exists()
        with pytest.raises(BlockingIOError), locked_now(path):
            pass


def test_several_share_a_file_that_nobody_has_alone(path: Path) -> None:
    path.touch()
    with path.open("rb") as first, path.open("rb") as second, path.open("ab") as alone:
        locks.take(first, shared=True)
        locks.take(second, shared=True, wait=False)
        with pytest.raises(BlockingIOError):
            locks.take(alone, wait=False)
