"""Folders of the cache for one run, and what is left of runs that were killed."""

import fcntl
import os
from pathlib import Path

import pytest

from castdeck.machine.run_folders import run_folder

NOBODY = 99_999_999  # no process has this number


def test_a_run_folder_is_there_while_it_is_used(tmp_path: Path) -> None:
    with run_folder(tmp_path) as folder:
        assert folder.parent == tmp_path / "run"
        assert folder.name.startswith(f"{os.getpid()}-")
    assert list((tmp_path / "run").iterdir()) == []


def test_a_folder_in_use_stays_although_its_process_is_in_another_container(tmp_path: Path) -> None:
    used = tmp_path / f"run/{NOBODY}-a"
    used.mkdir(parents=True)
    with (used / "in-use").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with run_folder(tmp_path):
            assert used.is_dir()
    with run_folder(tmp_path):
        assert not used.exists()


def test_what_killed_runs_left_is_removed_also_where_another_process_has_their_number(tmp_path: Path) -> None:
    for left in (f"{os.getppid()}-a", f"{NOBODY}-b"):
        (tmp_path / "run" / left / "deep").mkdir(parents=True)
        (tmp_path / "run" / left / "in-use").touch()
    (tmp_path / "run" / f"{NOBODY}-no-lock").mkdir()
    with run_folder(tmp_path) as folder:
        assert list((tmp_path / "run").iterdir()) == [folder]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_what_a_killed_run_of_root_left_is_removed_although_its_emulator_had_another_user(tmp_path: Path) -> None:
    left = tmp_path / "run" / f"{NOBODY}-a"
    left.mkdir(parents=True)
    (left / "in-use").touch()
    os.chown(left, 65_000, 65_000)
    with run_folder(tmp_path):
        assert not left.exists()
