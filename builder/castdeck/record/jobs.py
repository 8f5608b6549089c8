"""How many machines this computer can run in parallel."""

import os
from collections.abc import Sequence
from pathlib import Path

from castdeck.record.settings import Settings

_MIB = 1 << 20


def most_jobs(settings: Sequence[Settings]) -> int:
    """The number of sessions that fit the processor cores and the free memory."""
    largest = max((one.definition.memory for one in settings), default=0)
    return max(1, min(os.cpu_count() or 1, free_memory() // _MIB // max(1, largest)))


def free_memory() -> int:
    """The free memory in bytes; all memory if unknown."""
    pages = "SC_AVPHYS_PAGES" if "SC_AVPHYS_PAGES" in os.sysconf_names else "SC_PHYS_PAGES"
    try:
        with Path("/proc/meminfo").open(encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return int(os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE"))
