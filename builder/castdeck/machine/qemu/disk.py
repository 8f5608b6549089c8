"""Builds a guest's disk, kernel and initramfs from Debian packages and castdeck's guest files."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.protocol import Step
from castdeck.machine.qemu.architecture import architecture
from castdeck.machine.qemu.bootstrap import mmdebstrap, require_tools, run_tool
from castdeck.machine.qemu.container_images import layer_of, write_image
from castdeck.machine.qemu.definition import DEFAULT_LOCALE, MachineDefinition
from castdeck.machine.qemu.guest_files import guest_file, settings_file
from castdeck.machine.qemu.hello_world import hello_world
from castdeck.machine.qemu.keys import SYSTEM_PACKAGES

_KERNEL_PACKAGES = {"amd64": "linux-image-cloud-amd64", "arm64": "linux-image-cloud-arm64"}
_INITRAMFS_MODULES = ("virtio_pci", "virtio_blk", "virtio_mmio", "virtio_console", "ext4")
_KEEP_SMALL = (
    "path-exclude=/usr/share/doc/*",
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
)
_NO_TRANSLATIONS = "path-exclude=/usr/share/locale/*"
DISK = "disk.qcow2"


def build_disk(definition: MachineDefinition, folder: Path, step: Step) -> None:
    """Write a machine's `disk.qcow2`, `vmlinuz` and `initrd` into the new folder `folder`.

    `step` is told about progress. Raises MachineError with the last lines of the tool that failed.
    """
    require_tools(architecture(definition))
    with tempfile.TemporaryDirectory(prefix="scratch-", dir=folder) as scratch_name:
        scratch = Path(scratch_name)
        tree = scratch / "tree"
        _write_guest_files(definition, tree)
        if "debian" in definition.images or "hello-world" in definition.images:
            _make_container_images(definition, scratch, tree / "var/lib/docker-registry", step)
        step("installing the guest's packages")
        root = scratch / "root.tar"
        _install(definition, tree, root)
        step("writing the guest's disk")
        _make_disk(root, scratch / "root", folder, definition.disk)
        create_disk(folder / DISK, "raw", "disk.raw")


def _write_guest_files(definition: MachineDefinition, tree: Path) -> None:
    _put(tree / "etc/systemd/system/castdeck-terminal.service", guest_file("castdeck-terminal.service"))
    _put(tree / "usr/lib/castdeck/login", guest_file("login.sh"), mode=0o755)
    if "docker.io" in definition.packages:
        _put(tree / "etc/docker/daemon.json", guest_file("docker-daemon.json"))
        _put(tree / "etc/docker/registry/config.yml", guest_file("docker-registry.yml"))
    _put(tree / "usr/lib/castdeck/settings", settings_file(definition))
    _put(tree / "etc/hostname", "debian\n")
    _put(tree / "etc/hosts", "127.0.0.1 localhost debian\n::1 localhost\n")
    _put(tree / "etc/resolv.conf", "")
    _put(tree / "etc/default/locale", f"LANG={definition.locale}\n")
    _put(tree / "etc/fstab", "/dev/vda / ext4 rw,noatime 0 1\n")
    _put(tree / "etc/initramfs-tools/modules", "\n".join(_INITRAMFS_MODULES) + "\n")
    _put(tree / "etc/initramfs-tools/conf.d/castdeck", "MODULES=list\nCOMPRESS=zstd\n")


def _put(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


@contextmanager
def _guest_folder() -> Iterator[Path]:
    with as_file(files("castdeck.machine.qemu").joinpath("guest")) as folder:
        yield folder


def _make_container_images(definition: MachineDefinition, scratch: Path, registry: Path, step: Step) -> None:
    kind = architecture(definition)
    path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    if "hello-world" in definition.images:
        layer = layer_of({"hello": hello_world(kind)})
        write_image(registry, "hello-world", layer, ["/hello"], path, kind)
    if "debian" in definition.images:
        step("making the debian container image")
        tar = scratch / "debian.tar"
        options = [f"--dpkgopt={option}" for option in (*_KEEP_SMALL, _NO_TRANSLATIONS)]
        mmdebstrap([*options, "--customize-hook=rm -rf $1/var/lib/apt/lists $1/var/cache/apt"], tar, kind)
        write_image(registry, "debian", tar.read_bytes(), ["bash"], path, kind)
        tar.unlink()


def _install(definition: MachineDefinition, tree: Path, target: Path) -> None:
    packages = [_KERNEL_PACKAGES[architecture(definition)], *SYSTEM_PACKAGES, *definition.packages]
    left_out = [*_KEEP_SMALL[1:]]
    if definition.locale == DEFAULT_LOCALE:
        left_out.append(_NO_TRANSLATIONS)
    else:
        packages.append("locales")
    with _guest_folder() as guest:
        mmdebstrap(
            [
                f"--include={','.join(packages)}",
                *(f"--dpkgopt={option}" for option in left_out),
                f"--essential-hook=sync-in {tree} /",
                f"--customize-hook=upload {guest / 'customize.sh'} /root/customize.sh",
                "--customize-hook=chroot $1 sh /root/customize.sh && rm $1/root/customize.sh",
                f"--customize-hook=sync-in {tree / 'etc'} /etc",
                "--customize-hook=rm -rf $1/var/lib/apt/lists/* $1/var/cache/apt/* $1/etc/apt/sources.list*",
            ],
            target,
            architecture(definition),
        )


def _make_disk(root: Path, tree: Path, folder: Path, gibibytes: int) -> None:
    fake = [] if os.geteuid() == 0 else ["fakeroot", "--"]
    disk = folder / "disk.raw"
    script = (
        'mkdir "$2" && tar --extract --preserve-permissions --numeric-owner --file="$1" --directory="$2" && rm "$1" && '
        'cp "$2"/boot/vmlinuz-* "$3"/vmlinuz && cp "$2"/boot/initrd.img-* "$3"/initrd && '
        'mke2fs -q -t ext4 -O ^has_journal -m 0 -L root -d "$2" "$4" "$5" && rm -rf "$2"'
    )
    run_tool([*fake, "sh", "-c", script, "sh", str(root), str(tree), str(folder), str(disk), f"{gibibytes}G"])
    for name in ("vmlinuz", "initrd"):
        (folder / name).chmod(0o644)


def create_disk(path: Path, form: str, backing: str, *options: str) -> None:
    """Create an empty qcow2 overlay of `backing` (of format `form`), a path relative to the new disk's folder."""
    *flags, size = options or ("",)
    command = ["qemu-img", "create", "-q", "-f", "qcow2", *flags, "-F", form, "-b", backing, path.name]
    done = subprocess.run(
        [*command, size] if size else command, cwd=path.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MachineError(f"qemu-img failed: {done.stderr.strip()}", hint="is there room in the cache folder?")
    path.chmod(0o644)
