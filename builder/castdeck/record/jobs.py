"""How many machines this computer can run in parallel."""

import os
from collections.abc import Sequence

from castdeck.machine.memory import free_memory
from castdeck.record.settings import Settings

_MIB = 1 << 20


def most_jobs(settings: Sequence[Settings]) -> int:
    """The number of sessions that fit the processor cores and the free memory."""
    largest = max((one.definition.memory for one in settings), default=0)
    return max(1, min(os.cpu_count() or 1, free_memory() // _MIB // max(1, largest)))
