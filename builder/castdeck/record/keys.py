"""Keys for the command that runs: when it is ready for them, what it shows meanwhile, which program gets them."""

import time

import pexpect

from castdeck.errors import MachineError
from castdeck.linear import linear
from castdeck.record.shell import Shell

_SLICE = 0.05  # seconds
_STILL = 0.25  # seconds without output before keys are pressed
_READY_TIMEOUT = 10.0  # after which they are, whatever the kernel says
_SHELL_IS_BUSY = 2.0  # seconds after which a shell that has started no program does the work itself
_END = 4096  # bytes of the output in which a mark is looked for


def is_ready_for_keys(shell: Shell, *, is_signal: bool) -> bool:
    """Wait until the command has come to rest: nothing is shown, and a program waits for keys.

    A key that is a signal needs no program that waits. False when the command has ended.
    """
    began = time.monotonic()
    deadline = began + _READY_TIMEOUT
    still_since, printed = began, -1
    while time.monotonic() < deadline:
        shell.rest(_SLICE)
        output = shell.process.buffer
        if any(end.search(output, max(0, len(output) - _END)) for end in shell.ends):
            return False
        if shell.witness.printed != printed:
            printed, still_since = shell.witness.printed, time.monotonic()
        elif time.monotonic() - still_since >= _STILL:
            if _takes_keys(shell, is_signal, time.monotonic() - began):
                return True
            still_since = time.monotonic()
    return True


def shows(shell: Shell, pattern: str, timeout: float) -> bool:
    """Wait until the command shows what matches; False when it ends before.

    Raises pexpect.TIMEOUT after `timeout` seconds, and sooner where a program waits for keys in silence.
    """
    wanted = [linear(pattern.encode(), dot_is_all=True), *shell.ends]
    deadline = time.monotonic() + timeout
    while True:
        printed, left = shell.witness.printed, deadline - time.monotonic()
        try:
            return bool(shell.process.expect_list(wanted, timeout=max(0.0, min(_READY_TIMEOUT, left))) == 0)
        except pexpect.TIMEOUT:
            if left <= _READY_TIMEOUT or (shell.has_shown_nothing(printed) and _waits_in_silence(shell, printed)):
                raise


def in_front(shell: Shell) -> str:
    """The name of the program that runs now; "" if nobody knows, or the shell runs."""
    try:
        names = [one.name for one in shell.look().front if one.pid != shell.level.machine_pid]
    except MachineError:
        return ""
    return names[-1] if names else ""


def _waits_in_silence(shell: Shell, printed: int) -> bool:
    """Whether a program waits for keys, and the command has still printed only so much once that is known."""
    try:
        waits = shell.look().waiting is not None
    except MachineError:
        return False
    return waits and shell.has_shown_nothing(printed)


def _takes_keys(shell: Shell, is_signal: bool, seconds: float) -> bool:
    """Whether keys get to what runs now, so many seconds after it began.

    A signal is lost on a shell that has yet to start its program, so one that only the shell would take comes late.
    """
    try:
        look = shell.look()
    except MachineError:
        return True
    if is_signal:
        return not look.is_at_shell and (look.is_running or seconds > _SHELL_IS_BUSY)
    return (look.waiting or look.inner) is not None and not look.is_at_shell
