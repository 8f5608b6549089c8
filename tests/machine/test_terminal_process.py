"""A program on a terminal of castdeck's is ended once, and no other program in its place."""

import os
import threading

import pytest

from castdeck.machine.terminal_process import TerminalProcess


def test_what_has_ended_is_not_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    process = TerminalProcess(["true"], {"PATH": os.environ["PATH"]})
    assert process.has_ended()
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a signal went to a number that is given back"))
    process.kill()
    process.close()
    process.close()


def test_what_runs_is_ended_from_any_thread_and_its_number_given_back() -> None:
    process = TerminalProcess(["sleep", "600"], {"PATH": os.environ["PATH"]})
    threads = [threading.Thread(target=process.kill) for _ in range(8)]
    for thread in threads:
        thread.start()
    process.close()
    for thread in threads:
        thread.join()
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
