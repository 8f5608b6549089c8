"""QEMU's command line: only the devices and permissions that a guest needs."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.architectures import EMULATORS
from castdeck.machine.qemu.architecture import (
    EMULATED_PROCESSORS,
    MEMORY_BLOCKS,
    MODELS,
    PACKAGES,
    architecture,
    host_architecture,
)
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.disk import DISK
from castdeck.machine.qemu.firmware import firmware
from castdeck.machine.qemu.host import has_reliable_counter
from castdeck.machine.qemu.template import Memory
from castdeck.machine.unprivileged import limited, unprivileged

_SELF_STARTING = {"amd64": f"{MODELS['amd64']},graphics=off", "arm64": MODELS["arm64"]}
_KERNEL_COMMAND = (
    "console=hvc0 root=/dev/vda rw quiet loglevel=3 systemd.show_status=0 apparmor=0 mitigations=off net.ifnames=0 "
    "audit=0 module_blacklist=kvm,kvm_amd,kvm_intel,powernow_k8"
)
SANDBOX = ("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny")
_OWN_MEMORY = 4 << 30  # bytes of address space that QEMU needs besides the guest's memory
_PROCESSES = 256  # threads of all machines of one castdeck process
_GIB = 1 << 30


@dataclass(frozen=True)
class Boot:
    """What a machine starts from: the folder of its disk, and the accelerator.

    A disk made of packages has vmlinuz and initrd beside it, a disk made from an image has a boot loader. `seed` is a
    second disk in the run folder, for an image's first boot.
    """

    folder: Path
    accelerator: str
    disk: str = DISK
    seed: str = ""


@dataclass(frozen=True)
class QemuSockets:
    """QEMU's ends of socket pairs, as open descriptors.

    `saved` is the source of its saved memory, `network` the other end of its network card, if any. `memory` is a file
    to map as its memory.
    """

    terminal: int
    agent: int
    monitor: int
    saved: int | None = None
    network: int | None = None
    memory: Memory | None = None

    @property
    def all(self) -> list[int]:
        """All that are set."""
        mapped = self.memory.descriptor if self.memory else None
        ends = (self.terminal, self.agent, self.monitor, self.saved, self.network, mapped)
        return [end for end in ends if end is not None]


def emulator(kind: str = "") -> str:
    """The QEMU program for an architecture, or for this computer's. Raises MachineError with what to install."""
    kind = kind or host_architecture()
    name = EMULATORS[kind]
    if shutil.which(name) is None or shutil.which("qemu-img") is None:
        raise MachineError(
            f"{name} or qemu-img is not installed", hint=f"on Debian: sudo apt-get install {PACKAGES[kind]} qemu-utils"
        )
    return name


def command_line(boot: Boot, definition: MachineDefinition, folder: Path, overlay: str, ends: QemuSockets) -> list[str]:
    """QEMU's command, to be run in `folder`, which contains the disk `overlay`. Other paths are relative to it.

    If castdeck is root, QEMU runs as another user: with relative paths it needs no access to folders above the cache.
    """
    kind, guest = boot.accelerator.split(",")[0], architecture(definition)
    files = os.path.relpath(boot.folder.resolve(), folder.resolve())
    command = [
        *unprivileged(Path("/dev/kvm") if kind == "kvm" else None, reads_states=True),
        *limited(largest_file(definition), (definition.memory << 20) + _OWN_MEMORY, _PROCESSES),
        emulator(guest),
        *("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-name", definition.name),
        *("-accel", boot.accelerator, "-cpu", EMULATED_PROCESSORS[guest] if kind == "tcg" else "host"),
        *("-m", str(definition.memory), "-smp", str(definition.cores)),
        *("-drive", f"file={overlay},{_DRIVE}", "-chardev", "ringbuf,id=console,size=65536"),
        *(_of_an_image(boot, guest) if definition.image else _of_packages(files, guest, boot.accelerator)),
        *(_mapped(ends.memory, definition.memory, guest) if ends.memory else ()),
        *("-device", "virtio-balloon-pci,free-page-reporting=on", "-device", "virtio-rng-pci"),
        *("-device", "virtio-serial-pci"),
        *(() if definition.image else ("-device", "virtconsole,chardev=console")),
        *("-chardev", f"socket,id=terminal,fd={ends.terminal}"),
        *("-device", "virtserialport,chardev=terminal,name=castdeck.terminal"),
        *("-chardev", f"socket,id=agent,fd={ends.agent}"),
        *("-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"),
        *("-chardev", f"socket,id=monitor,fd={ends.monitor}", "-mon", "chardev=monitor,mode=control"),
    ]
    if ends.network is not None:
        command += ["-netdev", f"socket,id=network,fd={ends.network}", "-device", _CARD]
    if ends.saved is not None:
        command += ["-incoming", f"fd:{ends.saved}"]
    elif ends.memory:
        command += ["-incoming", "defer"]
    if sys.platform == "linux":
        command += SANDBOX
    return command


def kernel_command(guest: str, accelerator: str) -> str:
    """The command line of a packaged kernel, on a guest architecture.

    An emulated guest may read the time from the processor's counter if the host does. With two cores, Linux would not
    trust that counter by default, and read an emulated clock, which takes far longer.
    """
    reads_counter = accelerator.startswith("tcg") and guest == "amd64" and has_reliable_counter()
    return f"{_KERNEL_COMMAND} tsc=reliable" if reads_counter else _KERNEL_COMMAND


def _of_packages(files: str, guest: str, accelerator: str) -> list[str]:
    """Boot the kernel and initramfs in the folder `files`."""
    command = kernel_command(guest, accelerator)
    kernel = ["-kernel", f"{files}/vmlinuz", "-initrd", f"{files}/initrd", "-append", command]
    return ["-machine", MODELS[guest], *kernel, "-device", "virtio-blk-pci,drive=disk"]


def _of_an_image(boot: Boot, guest: str) -> list[str]:
    """Boot through firmware and the disk's boot loader, keeping the output on the serial line."""
    machine = ["-machine", _SELF_STARTING[guest], "-serial", "chardev:console"]
    if guest == "arm64":
        machine += ["-bios", str(firmware())]
    disk = ["-device", "virtio-blk-pci,drive=disk,bootindex=0"]
    if not boot.seed:
        return [*machine, *disk]
    seed = f"if=none,id=seed,format=raw,readonly=on,file={boot.seed}"
    return [*machine, *disk, "-drive", seed, "-device", "virtio-blk-pci,drive=seed"]


def _mapped(memory: Memory, size: int, guest: str) -> list[str]:
    """Memory of `size` MiB in an open file, under the name that memory without a file has in saved states."""
    name, share = MEMORY_BLOCKS[guest], "on" if memory.shared else "off"
    backend = f"memory-backend-file,id={name},size={size}M,mem-path=/proc/self/fd/{memory.descriptor},share={share}"
    return ["-object", f"{backend},x-use-canonical-path-for-ramblock-id=off", "-machine", f"memory-backend={name}"]


_CARD = "virtio-net-pci,netdev=network,romfile="
_DRIVE = "if=none,id=disk,format=qcow2,cache=unsafe,discard=unmap,detect-zeroes=unmap,werror=report"


def largest_file(definition: MachineDefinition) -> int:
    """The maximum size of an overlay, in bytes: the whole disk, and a little for metadata."""
    return definition.disk * _GIB * 11 // 10 + (64 << 20)
