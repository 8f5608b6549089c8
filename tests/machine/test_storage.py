"""`castdeck machine list` and `prune`, on a cache that is made for the test."""

import fcntl
import os
from pathlib import Path

import pytest

from castdeck.locks import locked
from tests.conftest import Cli

MEGABYTE = 1_000_000


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Two machines with a snapshot, one with a checkpoint, and what an older castdeck left behind."""
    machines = tmp_path / "cache/machines"
    for folder, name in (("base2-aa", "docker"), ("base2-bb", "debian")):
        put(machines / folder / "disk.raw", 3)
        put(machines / folder / "golden-1/memory.zst", 2)
        (machines / folder / "names").write_text(f"{name}\n")
        (machines / folder / "lock").touch()
    put(machines / "base2-aa/golden-1/checkpoints/k/memory.zst", 1)
    put(machines / "base-cc/disk.raw", 4)
    os.utime(machines / "base2-bb/lock", (0, 0))
    return tmp_path / "cache"


def put(path: Path, megabytes: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(megabytes * MEGABYTE))


def left(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "machines").iterdir() if path.is_dir())


def test_list_shows_what_each_takes(cli: Cli, cache: Path) -> None:
    lines = cli("machine", "list", CASTDECK_CACHE=str(cache)).out.splitlines()
    assert lines[0].startswith("left over (base-cc): disk 4 MB, snapshots 0 MB, used today")
    assert lines[1].startswith("debian: disk 3 MB, snapshots 2 MB, used ") and "days ago" in lines[1]
    assert lines[2].startswith("docker: disk 3 MB, snapshots 2 MB, checkpoints 1 MB, used today")
    assert lines[3].startswith("local: runs the blocks of decks outside any workspace on this computer itself")


def test_prune_removes_what_was_not_used_for_a_while_and_says_what_it_freed(cli: Cli, cache: Path) -> None:
    done = cli("machine", "prune", CASTDECK_CACHE=str(cache))
    assert done.err == ("left over (base-cc): removed, 4 MB freed\ndebian: removed, 5 MB freed\n9 MB freed\n")
    assert left(cache) == ["base2-aa"]


def test_prune_by_name_or_all(cli: Cli, cache: Path) -> None:
    assert cli("machine", "prune", "docker", CASTDECK_CACHE=str(cache)).err.endswith("6 MB freed\n")
    assert left(cache) == ["base-cc", "base2-bb"]
    wrong = cli("machine", "prune", "dokcer", CASTDECK_CACHE=str(cache))
    assert wrong.status == 2 and "the cache has no machine dokcer; it has: debian" in wrong.err
    cli("machine", "prune", "--all", CASTDECK_CACHE=str(cache))
    assert left(cache) == []


def test_what_runs_stays(cli: Cli, cache: Path) -> None:
    with (cache / "machines/base2-bb/lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        done = cli("machine", "prune", "--all", CASTDECK_CACHE=str(cache))
    assert "debian: running or being built, not removed\n" in done.err
    assert left(cache) == ["base2-bb"]


def test_an_image_goes_once_no_machine_is_made_of_it(cli: Cli, cache: Path) -> None:
    images = cache / "machines/images"
    put(images / "sha256-aa", 5)
    put(images / "sha256-bb", 1)
    put(images / "sha256-cc.part", 1)
    (cache / "machines/base2-aa/image").hardlink_to(images / "sha256-aa")
    done = cli("machine", "prune", CASTDECK_CACHE=str(cache))
    assert done.err.startswith("unused images: removed, 2 MB freed\n")
    assert [path.name for path in images.iterdir() if path.suffix != ".lock"] == ["sha256-aa"]
    cli("machine", "prune", "docker", CASTDECK_CACHE=str(cache))
    assert [path.name for path in images.iterdir() if path.suffix != ".lock"] == []


def test_what_is_being_built_stays_and_what_an_interrupted_build_left_goes(cli: Cli, cache: Path) -> None:
    put(cache / "machines/base2-dd.part/disk.raw", 1)
    put(cache / "machines/base2-ee.part/disk.raw", 1)
    with locked(cache / "machines/base2-dd.lock"):
        done = cli("machine", "prune", "--all", CASTDECK_CACHE=str(cache))
    assert left(cache) == ["base2-dd.part"]
    assert (cache / "machines/base2-dd.part/disk.raw").stat().st_size == MEGABYTE
    assert "left over (base2-ee.part): removed, 1 MB freed\n" in done.err
