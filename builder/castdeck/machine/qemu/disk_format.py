"""Detects the format of a disk image by its first bytes, and refuses images that make QEMU read other files.

An untrusted image is used by nothing else before it has passed this check. The header of qcow2:
https://www.qemu.org/docs/master/interop/qcow2.html
"""

from dataclasses import dataclass
from pathlib import Path

from castdeck.errors import MachineError

_QCOW2 = b"QFI\xfb"
_BOOT_SIGNATURE = b"\x55\xaa"
_SECTOR = 512
_DIRTY, _COMPRESSION_TYPE, _EXTENDED_L2 = 1 << 0, 1 << 3, 1 << 4
_EXTERNAL_DATA = 1 << 2
_OTHERS = {
    b"\x1f\x8b": ("packed with gzip", "gunzip"),
    b"\xfd7zXZ\x00": ("packed with xz", "unxz"),
    b"\x28\xb5\x2f\xfd": ("packed with zstd", "unzstd"),
    b"BZh": ("packed with bzip2", "bunzip2"),
    b"PK\x03\x04": ("a zip archive", "unzip"),
    b"KDMV": ("a VMware disk", "qemu-img convert -O qcow2"),
    b"vhdxfile": ("a Hyper-V disk", "qemu-img convert -O qcow2"),
    b"conectix": ("a Virtual PC disk", "qemu-img convert -O qcow2"),
    b"<<< ": ("a VirtualBox disk", "qemu-img convert -O qcow2"),
}


@dataclass(frozen=True)
class DiskFormat:
    """`name` is QEMU's name for it, "qcow2" or "raw"; `size` is the size of the guest's disk, in bytes."""

    name: str
    size: int


def disk_format(path: Path, called: str) -> DiskFormat:
    """The format of an image file, which messages call `called`. Raises MachineError if it can't be used.

    That is so if it refers to a backing or data file, is encrypted or damaged, or is not a disk image.
    """
    with path.open("rb") as file:
        head = file.read(_SECTOR)
    if head.startswith(_QCOW2):
        return DiskFormat("qcow2", _plain_qcow2(head, called))
    for magic, (what, tool) in _OTHERS.items():
        if head.startswith(magic):
            raise MachineError(f"the image {called} is {what}", hint=f"convert it to qcow2 or raw first: {tool}")
    if head[510:512] != _BOOT_SIGNATURE:
        raise MachineError(
            f"{called} is not a disk image", hint="use a qcow2 or raw disk with a partition table and a boot loader"
        )
    return DiskFormat("raw", path.stat().st_size)


def _plain_qcow2(head: bytes, called: str) -> int:
    """The size of the disk in a standalone qcow2 file."""

    def number(start: int, length: int) -> int:
        return int.from_bytes(head[start : start + length])

    version = number(4, 4)
    features = number(72, 8) if version >= 3 else 0
    if version not in (2, 3) or len(head) < 104:
        raise _refused(called, f"is of qcow version {version}", "qemu-img convert -O qcow2 makes one of version 3")
    if number(8, 8):
        raise _refused(called, "is based on another file", "qemu-img convert -O qcow2 makes one file of both")
    if features & _EXTERNAL_DATA:
        raise _refused(called, "keeps its data in another file", "qemu-img convert -O qcow2 makes one file of both")
    if number(32, 4):
        raise _refused(called, "is encrypted", "qemu-img convert decrypts it")
    if features & ~(_DIRTY | _COMPRESSION_TYPE | _EXTENDED_L2):
        raise _refused(called, "is damaged, or newer than castdeck", "qemu-img check tells more")
    return number(24, 8)


def _refused(called: str, why: str, remedy: str) -> MachineError:
    return MachineError(f"the image {called} {why}: it is not used", hint=remedy)
