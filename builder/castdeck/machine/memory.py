"""The memory of this computer, in bytes."""

import os
from pathlib import Path

_LINUX = Path("/proc/meminfo")


def free_memory(meminfo: Path = _LINUX) -> int:
    """The memory that programs can still get. Where it is not known, all memory."""
    try:
        with meminfo.open(encoding="ascii") as lines:
            return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration):
        return installed_memory()


def installed_memory() -> int:
    """All memory."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
