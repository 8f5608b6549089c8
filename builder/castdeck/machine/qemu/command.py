"""What QEMU is started with: as little of a computer as a guest needs, and no right that it does not."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.qemu.definition import MachineDefinition
from castdeck.machine.qemu.disk import architecture
from castdeck.machine.unprivileged import limited, unprivileged

_EMULATORS = {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}
_MODELS = {"amd64": "q35,usb=off,vmport=off", "arm64": "virt"}
KERNEL_COMMAND = (
    "console=hvc0 root=/dev/vda rw quiet loglevel=3 systemd.show_status=0 apparmor=0 mitigations=off net.ifnames=0 "
    "audit=0 module_blacklist=kvm,kvm_amd,kvm_intel,powernow_k8"
)
SANDBOX = ("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny")
_OWN_MEMORY = 4 << 30  # bytes of addresses that QEMU takes beside the guest's memory
_PROCESSES = 256  # threads of all machines of one castdeck
_GIB = 1 << 30


@dataclass(frozen=True)
class Boot:
    """What a machine starts from: the folder with disk.qcow2, vmlinuz and initrd, and the accelerator to run on."""

    folder: Path
    accelerator: str


@dataclass(frozen=True)
class Ends:
    """QEMU's ends of the socket pairs, as open descriptors.

    `memory` is what its memory is read from, `network` where its network card leads to, if anything.
    """

    terminal: int
    agent: int
    monitor: int
    memory: int | None = None
    network: int | None = None

    @property
    def all(self) -> list[int]:
        """Those that are there."""
        ends = (self.terminal, self.agent, self.monitor, self.memory, self.network)
        return [end for end in ends if end is not None]


def emulator() -> str:
    """The QEMU program for this computer's architecture. Raises MachineError with what to install."""
    name = _EMULATORS[architecture()]
    if shutil.which(name) is None or shutil.which("qemu-img") is None:
        raise MachineError(f"{name} or qemu-img is not installed", hint="sudo apt-get install qemu-system qemu-utils")
    return name


def command_line(boot: Boot, definition: MachineDefinition, folder: Path, overlay: str, ends: Ends) -> list[str]:
    """QEMU's command, to be run in `folder`, which holds the disk `overlay`; no other path is a full one.

    So QEMU, which is another user where castdeck is root, needs no way to the cache folder.
    """
    kind = boot.accelerator.split(",")[0]
    files = os.path.relpath(boot.folder.resolve(), folder.resolve())
    command = [
        *unprivileged(Path("/dev/kvm") if kind == "kvm" else None),
        *limited(_largest_file(definition), (definition.memory << 20) + _OWN_MEMORY, _PROCESSES),
        emulator(),
        *("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-name", definition.name),
        *("-machine", _MODELS[architecture()], "-accel", boot.accelerator, "-cpu", "max" if kind == "tcg" else "host"),
        *("-m", str(definition.memory), "-smp", str(definition.cores)),
        *("-kernel", f"{files}/vmlinuz", "-initrd", f"{files}/initrd", "-append", KERNEL_COMMAND),
        *("-drive", f"file={overlay},{_DRIVE}", "-device", "virtio-blk-pci,drive=disk"),
        *("-device", "virtio-balloon-pci,free-page-reporting=on", "-device", "virtio-rng-pci"),
        *("-device", "virtio-serial-pci"),
        *("-chardev", "ringbuf,id=console,size=65536", "-device", "virtconsole,chardev=console"),
        *("-chardev", f"socket,id=terminal,fd={ends.terminal}"),
        *("-device", "virtserialport,chardev=terminal,name=castdeck.terminal"),
        *("-chardev", f"socket,id=agent,fd={ends.agent}"),
        *("-device", "virtserialport,chardev=agent,name=org.qemu.guest_agent.0"),
        *("-chardev", f"socket,id=monitor,fd={ends.monitor}", "-mon", "chardev=monitor,mode=control"),
    ]
    if ends.network is not None:
        command += ["-netdev", f"socket,id=network,fd={ends.network}", "-device", _CARD]
    if ends.memory is not None:
        command += ["-incoming", f"fd:{ends.memory}"]
    if sys.platform == "linux":
        command += SANDBOX
    return command


_CARD = "virtio-net-pci,netdev=network,romfile="
_DRIVE = "if=none,id=disk,format=qcow2,cache=unsafe,discard=unmap,detect-zeroes=unmap,werror=report"


def _largest_file(definition: MachineDefinition) -> int:
    """What an overlay may grow to: all of the disk, and a little for its tables."""
    return definition.disk * _GIB * 11 // 10 + (64 << 20)
