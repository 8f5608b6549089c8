"""The program that is recorded, and the loan of a machine's terminal to it."""

import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from ptyprocess import PtyProcess

from castdeck.machine.terminal import TerminalHandover


@pytest.fixture
def terminal() -> Iterator[int]:
    """A machine's terminal."""
    ours, theirs = os.openpty()
    yield ours
    os.close(ours)
    os.close(theirs)


@contextmanager
def _borrower(handover: TerminalHandover) -> Iterator[PtyProcess]:
    process = PtyProcess.spawn(shlex.split(handover.command))
    try:
        handover.accept()
        yield process
    finally:
        process.close(force=True)


def test_the_recorded_program_ends_when_castdeck_is_killed(terminal: int) -> None:
    with TerminalHandover(terminal) as handover, _borrower(handover) as process:
        handover.__exit__(None, None, None)  # what the kernel does to the sockets of a killed process
        assert process.wait() == 0


def test_after_the_loan_it_waits_for_the_key_that_ends_the_script(terminal: int) -> None:
    with TerminalHandover(terminal) as handover, _borrower(handover) as process:
        handover.take_back()
        assert process.isalive()
        process.write(b"\x04")
        assert process.wait() == 0
