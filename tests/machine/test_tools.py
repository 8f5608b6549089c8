"""The tools that make a disk."""

import signal
import time
from pathlib import Path

import pytest

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
