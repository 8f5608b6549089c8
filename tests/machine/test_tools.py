"""The tools that make a disk."""

import os
import signal
import time
from pathlib import Path

import pytest

from castdeck.errors import MachineError
from castdeck.machine.qemu.bootstrap import run_tool


def test_one_that_is_interrupted_ends_with_all_it_started_though_it_does_not_want_to(tmp_path: Path) -> None:
    class InterruptError(BaseException):
        pass

    def interrupt(number: int, frame: object) -> None:
        raise InterruptError

    started = tmp_path / "started"
    script = f"trap '' TERM; sleep 300 & echo $! > {started}; sleep 2; kill -USR1 $PPID; wait; sleep 300"
    before = signal.signal(signal.SIGUSR1, interrupt)
    began = time.monotonic()
    try:
        with pytest.raises(InterruptError):
            run_tool(["sh", "-c", script])
    finally:
        signal.signal(signal.SIGUSR1, before)
    child = Path("/proc", started.read_text().strip(), "stat")
    while child.exists() and child.read_text().rpartition(") ")[2][0] != "Z":
        assert time.monotonic() - began < 60
        time.sleep(0.05)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_what_one_mounts_is_gone_with_it_even_if_it_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "mounted"
    folder.mkdir()
    script = f"mount -t tmpfs none {folder} && touch {folder}/seen && grep -c {folder} /proc/self/mounts && kill -9 $$"
    with pytest.raises(MachineError, match="status -9:\n1$"):
        run_tool(["sh", "-c", script])
    assert str(folder) not in Path("/proc/self/mounts").read_text()
    assert not list(folder.iterdir())
