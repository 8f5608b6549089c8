"""A machine's state in memory, from which many machines start. They share its memory until they write to it.

The guest's memory is a sealed memfd, which each QEMU maps privately: the kernel copies a page when a guest first writes
to it. The devices' state, some hundred kilobytes, is in a second memfd.
https://www.qemu.org/docs/master/system/vm-templating.html
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

_MIB = 1 << 20


@dataclass(frozen=True)
class Memory:
    """An open file that QEMU maps as its guest's memory. If it is `shared`, the guest writes to the file."""

    descriptor: int
    shared: bool = False


@dataclass(frozen=True)
class Template:
    """A stopped machine: the disk to base others on, and as open files, its memory and its devices' state."""

    disk: Path
    memory: int
    devices: int

    def seal(self) -> None:
        """Make the memory read-only for good. No process may have it mapped for writing.

        Without the seal, QEMU punches holes into it when a guest reports free pages, and later clones are broken.
        """
        fcntl.fcntl(self.memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)

    def open_devices(self) -> int:
        """Open the devices' state at its beginning. The caller closes it."""
        return os.open(f"/proc/self/fd/{self.devices}", os.O_RDONLY)

    def close(self) -> None:
        """Close the files. Running machines keep what they have mapped."""
        os.close(self.memory)
        os.close(self.devices)


def empty_template(disk: Path, size: int) -> Template:
    """An empty template for a guest with `size` MiB. Raises OSError."""
    memory = os.memfd_create("castdeck-memory", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(memory, size * _MIB)
        return Template(disk, memory, os.memfd_create("castdeck-devices", os.MFD_CLOEXEC))
    except BaseException:
        os.close(memory)
        raise
