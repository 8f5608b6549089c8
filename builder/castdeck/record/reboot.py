"""Detects that the machine is rebooting: certain words in a command are a reason to ask the machine."""

import re
import time

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine

_WORDS = re.compile(r"\b(?:reboot|shutdown|kexec|halt|poweroff|runlevel\d|(?:tel)?init\s+[06])\b")
_ASK = "systemctl is-system-running 2>/dev/null; cat /proc/uptime"
_PATIENCE = 120.0  # seconds without an answer, after which it must be shutting down


def may_reboot(command: str) -> bool:
    """Whether a command may cause a reboot, judging by its text."""
    return bool(_WORDS.search(command))


def restarts(machine: Machine, since: float) -> bool:
    """Whether the machine is shutting down, or has rebooted since that time (of time.monotonic).

    A missing answer is not enough: the machine may be busy.
    """
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            state, uptime, *_ = machine.run(_ASK).split()
        except (MachineError, ValueError):
            if machine.is_lost():
                return False
            continue
        return state == "stopping" or float(uptime) < time.monotonic() - since
    return True
