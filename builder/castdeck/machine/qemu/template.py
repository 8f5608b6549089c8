"""A machine's state that many others start from at once: they share its memory until they write to it.

The guest's memory is a sealed memfd, which each QEMU maps private: the kernel copies a page when a guest first writes
to it. The state of the devices, some hundred kilobytes, is read from a second one.
https://www.qemu.org/docs/master/system/vm-templating.html
"""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

_MIB = 1 << 20


@dataclass(frozen=True)
class Memory:
    """What a QEMU maps as its guest's memory: an open file. Where it is `shared`, the guest writes into the file."""

    descriptor: int
    shared: bool = False


@dataclass(frozen=True)
class Template:
    """A stopped machine: the disk that the others stand on, its memory and the state of its devices, as open files."""

    disk: Path
    memory: int
    devices: int

    def seal(self) -> None:
        """Let nobody change the memory any more; no process may have it mapped for writing.

        Without the seal, a guest that reports free pages has QEMU punch holes into it, and every later clone is lost.
        """
        fcntl.fcntl(self.memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK)

    def open_devices(self) -> int:
        """The devices' state to be read from its beginning; the caller closes it."""
        return os.open(f"/proc/self/fd/{self.devices}", os.O_RDONLY)

    def close(self) -> None:
        """Let go of the files. Machines that run keep what they have mapped."""
        os.close(self.memory)
        os.close(self.devices)


def empty_template(disk: Path, size: int) -> Template:
    """A template of `size` MiB, still to be filled. Raises OSError."""
    memory = os.memfd_create("castdeck-memory", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(memory, size * _MIB)
        return Template(disk, memory, os.memfd_create("castdeck-devices", os.MFD_CLOEXEC))
    except BaseException:
        os.close(memory)
        raise
