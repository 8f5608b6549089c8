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
from castdeck.machine.qemu.container_images import ContainerImage, blob_path, layer_of, write_to_registry
from castdeck.machine.qemu.definition import DEFAULT_LOCALE, MachineDefinition
from castdeck.machine.qemu.docker_store import LAYER, write_to_store
from castdeck.machine.qemu.folders import NO_ROOM
from castdeck.machine.qemu.guest_files import guest_file, settings_file
from castdeck.machine.qemu.hello_world import hello_world
from castdeck.machine.qemu.keys import SYSTEM_PACKAGES

_KERNEL_PACKAGES = {"amd64": "linux-image-cloud-amd64", "arm64": "linux-image-cloud-arm64"}
_INITRAMFS_MODULES = ("virtio_pci", "virtio_blk", "virtio_mmio", "virtio_console", "ext4")
_TRANSLATIONS = "/usr/share/locale"
_MANUALS = ("/usr/share/man", "/usr/share/info")
_NOT_IN_AN_IMAGE = (
    *("./usr/share/doc/*", f".{_TRANSLATIONS}/*", "./var/lib/apt/lists/*", "./var/cache/apt/*", "./tmp/*"),
    *("./etc/hostname", "./etc/resolv.conf", "./etc/apt/sources.list*", "./etc/apt/apt.conf.d/99mmdebstrap"),
    *("./usr/sbin/policy-rc.d", "./usr/sbin/start-stop-daemon"),
)
_REGISTRY = "var/lib/docker-registry"
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
        step("installing the guest's packages")
        root, image = scratch / "root", scratch / "debian.tar"
        installed = root if os.geteuid() == 0 else root.with_suffix(".tar")
        _install(definition, tree, installed, image if "debian" in definition.images else None)
        step("writing the guest's disk")
        added = scratch / "added"
        _put_container_images(definition, image, added)
        _make_disk(installed, added, root, folder, definition.disk)
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


def _put_container_images(definition: MachineDefinition, debian: Path, added: Path) -> None:
    """Write the container images that castdeck makes into the tree `added`: into the registry, and into Docker's store.

    `debian` is the tar of the Debian image.
    """
    (added / _REGISTRY).mkdir(parents=True)
    images = list(_container_images(definition, debian))
    for image in images:
        write_to_registry(added / _REGISTRY, image)
    if images:
        store = added / "var/lib/docker"
        write_to_store(store, ((image, f"/{_REGISTRY}/{blob_path(image.packed_digest)}") for image in images))


def _container_images(definition: MachineDefinition, debian: Path) -> Iterator[ContainerImage]:
    kind = architecture(definition)
    path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    if "hello-world" in definition.images:
        yield ContainerImage("hello-world", layer_of({"hello": hello_world(kind)}), ["/hello"], path, kind)
    if "debian" in definition.images:
        yield ContainerImage("debian", debian.read_bytes(), ["bash"], path, kind)
        debian.unlink()


def _install(definition: MachineDefinition, tree: Path, target: Path, image: Path | None) -> None:
    """Write the machine's system to `target`, a folder or a tar file; and to `image`, the system before its packages.

    dpkg's configuration leaves files out. mmdebstrap's option for it would start a Python filter for each package.
    """
    packages = [_KERNEL_PACKAGES[architecture(definition)], *SYSTEM_PACKAGES, *definition.packages]
    left_out = [*_MANUALS]
    if definition.locale == DEFAULT_LOCALE:
        left_out.append(_TRANSLATIONS)
    else:
        packages.append("locales")
    excludes = "".join(f"path-exclude={folder}/*\\n" for folder in left_out)
    settings = '"$1"/etc/dpkg/dpkg.cfg.d'
    with _guest_folder() as guest:
        mmdebstrap(
            [
                "--dpkgopt=force-unsafe-io",
                f"--setup-hook=mkdir -p {settings} && printf '{excludes}' >{settings}/excludes",
                f"--essential-hook={_DOWNLOAD} {' '.join(packages)} >/dev/null 2>&1 &",
                "--customize-hook=rm -rf " + " ".join(f'"$1"{folder}/*' for folder in left_out),
                *(_take_image(image) if image else ()),
                f"--customize-hook=sync-in {tree} /",
                f"--customize-hook={_INSTALL} {' '.join(packages)}",
                '--customize-hook=chroot "$1" update-initramfs -c -k all',
                f"--customize-hook=upload {guest / 'customize.sh'} /root/customize.sh",
                "--customize-hook=chroot $1 sh /root/customize.sh && rm $1/root/customize.sh",
                f"--customize-hook=sync-in {tree / 'etc'} /etc",
                "--customize-hook=rm -rf $1/var/lib/apt/lists/* $1/var/cache/apt/* $1/etc/apt/sources.list*",
            ],
            target,
            architecture(definition),
        )


_APT = (
    'DEBIAN_FRONTEND=noninteractive INITRD=No APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" flock "$1"/tmp apt-get --yes '
    '-o Dir::Cache::Archives="$1"/var/cache/apt/more -o APT::Cmd::Pattern-Only=true'
)
"""apt as mmdebstrap runs it, from outside: it reads packages with this computer's own configuration.

Pattern-Only: what is no package's name is an error, and not a regular expression such as "l.+" for most packages.

INITRD: neither the kernel's package nor initramfs-tools makes an initramfs, which is made once, after all packages.
"""
_DOWNLOAD = (
    f"{_APT} -o Debug::NoLocking=true -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= --download-only install"
)
"""Downloads, while mmdebstrap goes on installing, what _INSTALL waits for."""
_INSTALL = (
    f"{_APT} -o Dir::Bin::dpkg=env -o DPkg::Options::=--unset=TMPDIR -o DPkg::Options::=dpkg "
    '-o DPkg::Chroot-Directory="$1" install'
)


def _take_image(target: Path) -> Iterator[str]:
    """Hooks that write the system so far to `target`, without mmdebstrap's own files.

    They use mmdebstrap's `download`: if a user runs mmdebstrap, its hooks may not write to that user's files.
    """
    excludes = " ".join(f"--exclude='{name}'" for name in (f"./{target.name}", *_NOT_IN_AN_IMAGE))
    yield (
        f'--customize-hook=tar --create --one-file-system --numeric-owner --sort=name --directory="$1" {excludes} '
        f'--transform="s/start-stop-daemon[.]REAL$/start-stop-daemon/" . >"$1"/{target.name}'
    )
    yield f"--customize-hook=download {target.name} {target}"
    yield f'--customize-hook=rm "$1"/{target.name}'


def _make_disk(installed: Path, added: Path, root: Path, folder: Path, gibibytes: int) -> None:
    """Make the disk, kernel and initramfs of the system in `installed`, with the files in `added`.

    `installed` is the folder `root`, or a tar to be unpacked there, under fakeroot.
    """
    fake = [] if os.geteuid() == 0 else ["fakeroot", "--"]
    disk = folder / "disk.raw"
    given = (installed, root, folder, disk, f"{gibibytes}G", added)
    run_tool([*fake, "sh", "-e", "-c", _MAKE_DISK, "sh", *map(str, given)])
    for name in ("vmlinuz", "initrd"):
        (folder / name).chmod(0o644)


_UNPACK = "tar --extract --preserve-permissions --numeric-owner"
_MAKE_DISK = f"""
if [ -f "$1" ]; then
    mkdir "$2"
    {_UNPACK} --file="$1" --directory="$2"
    rm "$1"
fi
tar --create --owner=0 --group=0 --directory="$6" . | tar --extract --directory="$2"
rm -r "$6"
for place in "$2"/var/lib/docker/overlay2/*; do
    if [ -h "$place/{LAYER}" ]; then
        mkdir -m 755 "$place/diff"
        {_UNPACK} --file="$2$(readlink "$place/{LAYER}")" --directory="$place/diff"
        rm "$place/{LAYER}"
    fi
done
cp "$2"/boot/vmlinuz-* "$3"/vmlinuz
cp "$2"/boot/initrd.img-* "$3"/initrd
mke2fs -q -t ext4 -O ^has_journal -m 0 -L root -d "$2" "$4" "$5"
rm -rf "$2"
"""


def create_disk(path: Path, form: str, backing: str, *options: str) -> None:
    """Create an empty qcow2 overlay of `backing` (of format `form`), a path relative to the new disk's folder."""
    *flags, size = options or ("",)
    command = ["qemu-img", "create", "-q", "-f", "qcow2", *flags, "-F", form, "-b", backing, path.name]
    done = subprocess.run(
        [*command, size] if size else command, cwd=path.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MachineError(f"qemu-img failed: {done.stderr.strip()}", hint=NO_ROOM)
    path.chmod(0o644)
