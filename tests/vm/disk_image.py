"""Disk images as clouds and colleagues hand them out, made here of Debian packages: partitioned, with a boot loader.

Two of them, of one tree: one with cloud-init and no agent, one with QEMU's guest agent and no cloud-init. Neither root
nor a loop device is needed: the boot loader's two parts are written to where the disk's first sectors are.
"""

import os
import subprocess
from pathlib import Path

from castdeck.machine.qemu.bootstrap import mmdebstrap, run_tool

_PACKAGES = (
    *("linux-image-cloud-amd64", "systemd-sysv", "udev", "dbus", "kmod", "initramfs-tools", "zstd", "e2fsprogs"),
    *("python3", "cloud-init", "cloud-guest-utils", "qemu-guest-agent", "sudo", "procps", "iproute2"),
)
_LEFT_OUT = {
    "cloud": (
        "./usr/sbin/qemu-ga",
        "./lib/systemd/system/qemu-guest-agent*",
        "./usr/lib/systemd/system/qemu-guest-agent*",
    ),
    "agent": (
        "./usr/bin/cloud-init",
        "*/systemd/system/cloud-*",
        "*/systemd/system-generators/cloud-init*",
        "./etc/cloud",
    ),
}
_GRUB = Path("/usr/lib/grub/i386-pc")
_MODULES = ("biosdisk", "part_msdos", "ext2", "normal", "linux", "echo")
_GRUB_CONFIG = """
linux /vmlinuz root=/dev/vda1 rw console=tty0 console=ttyS0,115200
initrd /initrd.img
boot
"""
_SECTOR = 512
_START = 2048  # sectors before the partition
_SIZE = 1500 << 20


def make_tree(folder: Path) -> Path:
    """A tar of the system that all images have."""
    tree, tar = folder / "given", folder / "root.tar"
    for place, text in (
        ("etc/fstab", "/dev/vda1 / ext4 rw 0 1\n"),
        ("etc/hosts", "127.0.0.1 localhost\n"),
        ("etc/initramfs-tools/modules", "virtio_pci\nvirtio_blk\next4\n"),
        ("etc/initramfs-tools/conf.d/small", "MODULES=list\nCOMPRESS=zstd\n"),
        ("boot/grub/grub.cfg", _GRUB_CONFIG),
    ):
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        (tree / place).write_text(text)
    options = [
        f"--include={','.join(_PACKAGES)}",
        *(f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "man", "locale")),
        f"--essential-hook=sync-in {tree} /",
        f"--customize-hook=sync-in {tree} /",
        "--customize-hook=rm -rf $1/var/lib/apt/lists/* $1/var/cache/apt/*",
    ]
    mmdebstrap(options, tar)
    return tar


def make_image(tar: Path, kind: str, target: Path) -> None:
    """Write the image `target`, a qcow2 file, of the tree `tar`; `kind` is "cloud" or "agent"."""
    scratch = target.with_suffix(".scratch")
    scratch.mkdir()
    disk = scratch / "disk.raw"
    with disk.open("wb") as file:
        file.truncate(_START * _SECTOR + _SIZE)
    _fill_partition(tar, scratch / "root", disk, _LEFT_OUT[kind])
    _put_boot_loader(disk, scratch / "core.img")
    run_tool(["qemu-img", "convert", "-O", "qcow2", str(disk), str(target)])
    subprocess.run(["rm", "-rf", scratch], check=True)


def _fill_partition(tar: Path, root: Path, disk: Path, left_out: tuple[str, ...]) -> None:
    fake = [] if os.geteuid() == 0 else ["fakeroot", "--"]
    script = (
        'tar=$1 root=$2 disk=$3 start=$4 size=$5 && shift 5 && mkdir "$root" && '
        'tar --extract --preserve-permissions --numeric-owner --file="$tar" --directory="$root" --wildcards "$@" && '
        'mke2fs -q -F -t ext4 -d "$root" -E "offset=$start" "$disk" "$size"'
    )
    numbers = (str(_START * _SECTOR), f"{_SIZE >> 10}k")
    excluded = [f"--exclude={pattern}" for pattern in left_out]
    run_tool([*fake, "sh", "-c", script, "sh", str(tar), str(root), str(disk), *numbers, *excluded])


def _put_boot_loader(disk: Path, core: Path) -> None:
    """GRUB as on any BIOS computer: 440 bytes in the first sector, the rest before the first partition.

    https://www.gnu.org/software/grub/manual/grub/html_node/BIOS-installation.html
    """
    place = ["-p", "(hd0,msdos1)/boot/grub", "-o", str(core)]
    run_tool(["grub-mkimage", "-O", "i386-pc", *place, *_MODULES])
    entry = bytes([0x80, 0, 0, 0, 0x83, 0, 0, 0])  # active, Linux; cylinders and heads are asked by nobody
    entry += _START.to_bytes(4, "little") + (_SIZE // _SECTOR).to_bytes(4, "little")
    with disk.open("r+b") as file:
        file.write((_GRUB / "boot.img").read_bytes()[:440])
        file.seek(446)
        file.write(entry)
        file.seek(510)
        file.write(b"\x55\xaa")
        file.write(core.read_bytes())
