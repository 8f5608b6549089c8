"""Whether the machine is about to start anew: some words are a reason to ask it, and it is the machine that answers."""

import re

from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine

_WORDS = re.compile(r"\b(?:reboot|shutdown|systemctl|init|telinit|kexec|halt|poweroff|runlevel\d)\b")
_ASK = "systemctl is-system-running 2>/dev/null || :"
_TIMEOUT = 10.0


def may_reboot(command: str) -> bool:
    """Whether a command's text gives a reason to ask."""
    return bool(_WORDS.search(command))


def restarts(machine: Machine) -> bool:
    """Whether the machine says that it is going down, or no longer answers."""
    try:
        return machine.run(_ASK, timeout=_TIMEOUT).strip() == "stopping"
    except MachineError:
        return not machine.is_lost()
