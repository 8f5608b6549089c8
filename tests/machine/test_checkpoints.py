"""Checkpoints kept on disk, without a machine: real qcow2 files that stand on each other."""

import fcntl
import os
import subprocess
from pathlib import Path

import pytest

from castdeck.machine.qemu.checkpoints import QemuCheckpoints, checkpoints_size, trim_checkpoints
from castdeck.machine.qemu.command import Boot
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.golden import Golden
from castdeck.machine.qemu.launch import Checkpoint

MEMORY = 1 << 20


@pytest.fixture
def golden(tmp_path: Path) -> Golden:
    folder = tmp_path / "machines/docker-0123/golden-4567"
    folder.mkdir(parents=True)
    disk(folder / "disk.qcow2", None)
    (folder / "memory.zst").write_bytes(os.urandom(MEMORY))
    return Golden(
        MachineDefinition("docker"), Boot(folder, "tcg"), Checkpoint(folder / "disk.qcow2", folder / "memory.zst")
    )


def disk(path: Path, parent: Path | None) -> None:
    backed = ("-F", "qcow2", "-b", str(parent)) if parent else ()
    subprocess.run(
        ["qemu-img", "create", "-q", "-f", "qcow2", *backed, str(path), *(() if parent else ("1M",))], check=True
    )


def checkpoint(golden: Golden, key: str, parent: str = "", used: float = 0) -> Path:
    """A checkpoint as a machine leaves it, used last at that time."""
    root = golden.checkpoint.disk.parent
    folder = root / "checkpoints" / key
    folder.mkdir(parents=True)
    disk(folder / "disk.qcow2", (root / "checkpoints" / parent if parent else root) / "disk.qcow2")
    (folder / "memory.zst").write_bytes(os.urandom(MEMORY))
    (folder / "lock").touch()
    os.utime(folder / "memory.zst", (used, used))
    return folder


def left(golden: Golden) -> list[str]:
    return sorted(path.name for path in (golden.checkpoint.disk.parent / "checkpoints").iterdir())


def test_the_least_recently_used_go_first_until_the_rest_fits(golden: Golden, tmp_path: Path) -> None:
    for used, key in enumerate("abc", 1):
        checkpoint(golden, key, used=used)
    one = checkpoints_size(tmp_path) // 3
    assert trim_checkpoints(tmp_path, 2 * one + 100) == 2 * one
    assert left(golden) == ["b", "c"]


def test_one_that_is_started_from_counts_as_used(golden: Golden, tmp_path: Path) -> None:
    for used, key in enumerate("ab", 1):
        checkpoint(golden, key, used=used)
    with QemuCheckpoints(golden, tmp_path, 1 << 30).held("a"):
        pass
    trim_checkpoints(tmp_path, checkpoints_size(tmp_path) // 2)
    assert left(golden) == ["a"]


def test_what_others_stand_on_stays_until_they_are_gone(golden: Golden, tmp_path: Path) -> None:
    checkpoint(golden, "a", used=1)
    checkpoint(golden, "b", parent="a", used=3)
    checkpoint(golden, "c", parent="b", used=2)
    trim_checkpoints(tmp_path, int(checkpoints_size(tmp_path) * 0.7))
    assert left(golden) == ["a", "b"]
    assert trim_checkpoints(tmp_path, 0) == 0
    assert left(golden) == []


def test_that_holds_for_a_cache_behind_a_link_too(golden: Golden, tmp_path: Path) -> None:
    checkpoint(golden, "a", used=1)
    checkpoint(golden, "b", parent="a", used=2)
    (tmp_path / "link").symlink_to(tmp_path)
    trim_checkpoints(tmp_path / "link", int(checkpoints_size(tmp_path) * 0.7))
    assert left(golden) == ["a"]


def test_one_that_a_machine_runs_on_stays(golden: Golden, tmp_path: Path) -> None:
    checkpoint(golden, "a")
    checkpoints = QemuCheckpoints(golden, tmp_path, 1 << 30)
    with checkpoints.held("a"):
        assert trim_checkpoints(tmp_path, 0) > 0
        assert left(golden) == ["a"]
    trim_checkpoints(tmp_path, 0)
    assert left(golden) == []
    with checkpoints.held("a"):
        assert not checkpoints.has("a")


class FrozenMachine:
    """Writes what a machine would write."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails, self.frozen = fails, 0

    def freeze(self, folder: Path) -> None:
        self.frozen += 1
        (folder / "disk.qcow2").write_bytes(b"half")
        if self.fails:
            raise self.fails
        (folder / "memory.zst").write_bytes(bytes(10))


def test_a_state_is_kept_once(golden: Golden, tmp_path: Path) -> None:
    checkpoints, machine = QemuCheckpoints(golden, tmp_path, 1 << 30), FrozenMachine()
    assert [checkpoints.save("a", machine) for _ in range(2)] == [True, False]  # type: ignore[arg-type]
    assert machine.frozen == 1
    assert (golden.checkpoint.disk.parent / "checkpoints").stat().st_mode & 0o777 == (0o700 if os.geteuid() else 0o711)


def test_nothing_half_written_is_left(golden: Golden, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="No space left"):
        QemuCheckpoints(golden, tmp_path, 1 << 30).save("a", FrozenMachine(OSError(28, "No space left")))  # type: ignore[arg-type]
    assert left(golden) == []


def test_where_there_is_no_room_older_ones_go_and_else_nothing_is_kept(golden: Golden, tmp_path: Path) -> None:
    checkpoint(golden, "old", used=1)
    machine = FrozenMachine()
    assert not QemuCheckpoints(golden, tmp_path, MEMORY // 2).save("new", machine)  # type: ignore[arg-type]
    assert left(golden) == ["old"]
    assert QemuCheckpoints(golden, tmp_path, MEMORY + MEMORY // 2).save("new", machine)  # type: ignore[arg-type]
    assert left(golden) == ["new"]


def test_a_disk_that_others_stand_on_is_never_written_again(golden: Golden, tmp_path: Path) -> None:
    parent = checkpoint(golden, "a")
    checkpoint(golden, "b", parent="a")
    before = (parent / "disk.qcow2").read_bytes()
    checkpoints = QemuCheckpoints(golden, tmp_path, 1 << 30)
    checkpoints.discard("a")
    assert checkpoints.find("a") is None
    assert not checkpoints.save("a", FrozenMachine())  # type: ignore[arg-type]
    assert (parent / "disk.qcow2").read_bytes() == before


def test_a_state_that_another_process_keeps_just_now_is_left_to_it(golden: Golden, tmp_path: Path) -> None:
    folder = golden.checkpoint.disk.parent / "checkpoints/a"
    folder.mkdir(parents=True)
    with (folder / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert not QemuCheckpoints(golden, tmp_path, 1 << 30).save("a", FrozenMachine())  # type: ignore[arg-type]
