"""Whether the machine is about to start anew: some words are a reason to ask it, and it is the machine that answers."""

import re
import time

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine

_WORDS = re.compile(r"\b(?:reboot|shutdown|kexec|halt|poweroff|runlevel\d|(?:tel)?init\s+[06])\b")
_ASK = "systemctl is-system-running 2>/dev/null; cat /proc/uptime"
_PATIENCE = 120.0  # seconds without an answer, after which it must be on its way down


def may_reboot(command: str) -> bool:
    """Whether a command's text gives a reason to ask."""
    return bool(_WORDS.search(command))


def restarts(machine: Machine, since: float) -> bool:
    """Whether the machine goes down, or has started anew since that time (of time.monotonic).

    No answer is not enough: a busy machine may take its time.
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
