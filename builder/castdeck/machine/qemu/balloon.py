"""Takes from a guest what lies in its free memory, so that a snapshot is smaller and is loaded sooner.

A kernel leaves in free pages what was in them. The balloon is a device of the guest: the pages that it asks for are
given to it by the guest's kernel, and QEMU forgets what is in them. Then the guest gets them back, empty.
https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html
"""

import re
import time

from castdeck.errors import MachineError
from castdeck.machine.qemu.agent import GuestAgent
from castdeck.machine.qemu.monitor import Monitor

_LEFT = 64 << 20  # bytes of free memory that the guest keeps meanwhile
_UNANSWERED = 10.0  # seconds without a change, after which the guest's kernel is taken to have no such device
_STUCK = 60.0  # the same, where it has one
_FREE = re.compile(r"^MemFree: +(\d{1,12}) kB$", re.MULTILINE)


def empty_free_memory(monitor: Monitor, agent: GuestAgent) -> None:
    """Empty the guest's free memory, except for some. A guest that knows no balloon stays as it is.

    Raises MachineError if the guest's agent or QEMU do not answer.
    """
    whole = _size(monitor)
    free = _FREE.search(agent.run("cat", "/proc/meminfo"))
    taken = int(free[1]) * 1024 - _LEFT if free else 0
    if taken <= 0 or taken >= whole:
        return
    _resize(monitor, whole - taken, _UNANSWERED)
    if not _resize(monitor, whole, _STUCK):
        raise MachineError("the guest does not take its memory back")


def _resize(monitor: Monitor, size: int, patience: float) -> bool:
    """Have the guest get so many bytes of memory. False if it stays at another size for `patience` seconds."""
    monitor.command("balloon", value=size)
    now, changed = _size(monitor), time.monotonic()
    while now != size and time.monotonic() - changed < patience:
        time.sleep(0.02)
        if (then := _size(monitor)) != now:
            now, changed = then, time.monotonic()
    return now == size


def _size(monitor: Monitor) -> int:
    size: int = monitor.command("query-balloon")["actual"]
    return size
