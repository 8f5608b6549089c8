"""The emulators of this cache's machines, as the system sees them, and what they leave."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from castdeck.workspace import cache_folder


def emulators() -> list[int]:
    """Their process numbers: each runs in a run folder of the cache."""
    runs = (cache_folder() / "run").resolve()
    return [number for number in _processes() if _folder(number).is_relative_to(runs)]


@contextmanager
def nothing_left_of_machines() -> Iterator[None]:
    """Machines that are started in the block leave no folder and no emulator."""
    before = _run_folders()
    yield
    assert _run_folders() <= before
    assert emulators() == []


def _run_folders() -> set[Path]:
    return set((cache_folder() / "run").glob("*"))


def _processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def _folder(number: int) -> Path:
    try:
        return Path(f"/proc/{number}/cwd").readlink()
    except OSError:
        return Path("/")


def assert_has_no_rights(number: int) -> None:
    """A process is held back, and limited."""
    status = Path(f"/proc/{number}/status").read_text()
    assert "NoNewPrivs:\t1" in status
    assert "Seccomp:\t2" in status
    assert "CapEff:\t0000000000000000" in status
    assert not re.search(r"^Uid:\t0", status, re.MULTILINE)
    limits = Path(f"/proc/{number}/limits").read_text()
    for limit in ("Max file size", "Max address space", "Max processes"):
        assert not re.search(rf"{limit} +unlimited", limits)


def listening(number: int) -> list[str]:
    """The sockets, of any kind, on which a process waits for others to connect."""
    own = {os.readlink(file) for file in Path(f"/proc/{number}/fd").iterdir() if file.is_symlink()}  # noqa: PTH115
    found = []
    for table, state, listens in (("tcp", 3, "0A"), ("tcp6", 3, "0A"), ("unix", 5, "01")):
        for line in Path(f"/proc/{number}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            inode = words[9] if table != "unix" else words[6]
            if f"socket:[{inode}]" in own and words[state] == listens and (table != "unix" or words[3] == "00010000"):
                found.append(line)
    return found
