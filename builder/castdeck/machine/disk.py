"""A guest's disk, kernel and initramfs, made from Debian packages by mmdebstrap: https://manpages.debian.org/mmdebstrap"""

import os
import platform
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.container_images import layer_of, write_image
from castdeck.machine.definition import MachineDefinition
from castdeck.machine.hello_world import hello_world

Step = Callable[[str], None]

SYSTEM_PACKAGES = (
    "systemd-sysv",
    "udev",
    "dbus",
    "kmod",
    "initramfs-tools",
    "zstd",
    "socat",
    "qemu-guest-agent",
    "sudo",
    "less",
    "procps",
    "iproute2",
    "bash-completion",
    "ncurses-base",
    "ncurses-term",
    "nano",
)
_KERNEL_PACKAGES = {"amd64": "linux-image-cloud-amd64", "arm64": "linux-image-cloud-arm64"}
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_INITRAMFS_MODULES = ("virtio_pci", "virtio_blk", "virtio_mmio", "virtio_console", "ext4")
_KEEP_SMALL = (
    "path-exclude=/usr/share/doc/*",
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/locale/*",
)
_LAST_LINES = 12
_TOOLS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "zstd": "zstd"}


def architecture() -> str:
    """This computer's architecture by Debian's name. Raises MachineError where no guest can be made for it."""
    try:
        return _ARCHITECTURES[platform.machine()]
    except KeyError:
        raise MachineError(f"no guest is known for a {platform.machine()} computer") from None


def build_disk(definition: MachineDefinition, folder: Path, step: Step) -> None:
    """Write `disk.raw`, `vmlinuz` and `initrd` of a machine into the new folder `folder`.

    `step` is told what is being done. Raises MachineError with the last lines of the tool that failed.
    """
    _require_tools()
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


def _require_tools() -> None:
    missing = [package for tool, package in _TOOLS.items() if shutil.which(tool, path=_tool_path()) is None]
    if os.geteuid() != 0 and shutil.which("fakeroot") is None:
        missing.append("fakeroot")
    if missing:
        raise MachineError(
            f"missing on this computer: {', '.join(missing)}", hint=f"sudo apt-get install {' '.join(missing)}"
        )


def _tool_path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _write_guest_files(definition: MachineDefinition, tree: Path) -> None:
    with _guest_folder() as guest:
        _put(tree / "etc/systemd/system/castdeck-terminal.service", (guest / "castdeck-terminal.service").read_text())
        _put(tree / "usr/lib/castdeck/login", (guest / "login.sh").read_text(), mode=0o755)
        _put(tree / "root/castdeck-marks.sh", (guest / "castdeck-marks.sh").read_text())
        if "docker.io" in definition.packages:
            _put(tree / "etc/docker/daemon.json", (guest / "docker-daemon.json").read_text())
            _put(tree / "etc/docker/registry/config.yml", (guest / "docker-registry.yml").read_text())
    _put(tree / "etc/hostname", f"{definition.name}\n")
    _put(tree / "etc/hosts", f"127.0.0.1 localhost {definition.name}\n::1 localhost\n")
    _put(tree / "etc/resolv.conf", "")
    _put(tree / "etc/default/locale", "LANG=C.UTF-8\n")
    _put(tree / "etc/fstab", "/dev/vda / ext4 rw,noatime 0 1\n")
    _put(tree / "etc/initramfs-tools/modules", "\n".join(_INITRAMFS_MODULES) + "\n")
    _put(tree / "etc/initramfs-tools/conf.d/castdeck", "MODULES=list\nCOMPRESS=zstd\n")


def _put(path: Path, text: str, mode: int = 0o644) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


@contextmanager
def _guest_folder() -> Iterator[Path]:
    with as_file(files("castdeck.machine").joinpath("guest")) as folder:
        yield folder


def _make_container_images(definition: MachineDefinition, scratch: Path, registry: Path, step: Step) -> None:
    path = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
    if "hello-world" in definition.images:
        layer = layer_of({"hello": hello_world(architecture())})
        write_image(registry, "hello-world", layer, ["/hello"], path, architecture())
    if "debian" in definition.images:
        step("making the debian container image")
        tar = scratch / "debian.tar"
        options = [f"--dpkgopt={option}" for option in _KEEP_SMALL]
        _mmdebstrap([*options, "--customize-hook=rm -rf $1/var/lib/apt/lists $1/var/cache/apt"], tar)
        write_image(registry, "debian", tar.read_bytes(), ["bash"], path, architecture())
        tar.unlink()


def _install(definition: MachineDefinition, tree: Path, target: Path) -> None:
    packages = [_KERNEL_PACKAGES[architecture()], *SYSTEM_PACKAGES, *definition.packages]
    with _guest_folder() as guest:
        _mmdebstrap(
            [
                f"--include={','.join(packages)}",
                *(f"--dpkgopt={option}" for option in _KEEP_SMALL[1:]),
                f"--essential-hook=sync-in {tree} /",
                f"--customize-hook=upload {guest / 'customize.sh'} /root/customize.sh",
                "--customize-hook=chroot $1 sh /root/customize.sh && rm $1/root/customize.sh",
                f"--customize-hook=sync-in {tree / 'etc'} /etc",
                "--customize-hook=rm -rf $1/var/lib/apt/lists/* $1/var/cache/apt/* $1/etc/apt/sources.list*",
            ],
            target,
        )


def _mmdebstrap(options: Sequence[str], target: Path) -> None:
    suite, sources = _package_sources()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as apt_options:
        apt_options.write(_apt_acquire_options())
        apt_options.flush()
        Path(apt_options.name).chmod(0o644)
        command = [
            "mmdebstrap",
            "--variant=minbase",
            "--dpkgopt=force-confold",
            f"--aptopt={apt_options.name}",
            *options,
        ]
        _run([*command, suite, str(target), "-"], given=sources)


def _package_sources() -> tuple[str, str]:
    """The host's suite and its own package sources, so that its mirrors and proxies serve the guest as well."""
    release = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    suite = release.get("VERSION_CODENAME", "").strip('"')
    if release.get("ID", "").strip('"') != "debian" or not suite:
        raise MachineError(
            "a guest is made from this computer's own Debian packages, and this is not Debian",
            hint="build on Debian; castdeck build --no-record makes the deck from the recordings that are there",
        )
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    stanzas = [
        stanza
        for file in files
        if file.suffix in {".list", ".sources"} and file.is_file()
        for stanza in _stanzas(file)
        if suite in stanza and "deb" in stanza and "main" in stanza and "/debian" in stanza
    ]
    if not stanzas:
        raise MachineError(f"no package source for {suite} in /etc/apt", hint="add the distribution's own to it")
    return suite, "\n\n".join(stanzas) + "\n"


def _stanzas(file: Path) -> list[str]:
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")]
    if file.suffix == ".list":
        return [line for line in lines if line.strip()]
    return [stanza for stanza in "\n".join(lines).split("\n\n") if stanza.strip()]


def _apt_acquire_options() -> str:
    found = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=False).stdout
    wanted = ("Acquire::http", "Acquire::https", "Acquire::Retries", "Acquire::ForceIPv4", "Acquire::By-Hash")
    return "".join(f"{line}\n" for line in found.splitlines() if line.startswith(wanted))


def _make_disk(root: Path, tree: Path, folder: Path, gibibytes: int) -> None:
    fake = [] if os.geteuid() == 0 else ["fakeroot", "--"]
    disk = folder / "disk.raw"
    script = (
        'mkdir "$2" && tar --extract --preserve-permissions --numeric-owner --file="$1" --directory="$2" && rm "$1" && '
        'cp "$2"/boot/vmlinuz-* "$3"/vmlinuz && cp "$2"/boot/initrd.img-* "$3"/initrd && '
        'mke2fs -q -t ext4 -O ^has_journal -m 0 -L root -d "$2" "$4" "$5" && rm -rf "$2"'
    )
    _run([*fake, "sh", "-c", script, "sh", str(root), str(tree), str(folder), str(disk), f"{gibibytes}G"])
    for name in ("vmlinuz", "initrd"):
        (folder / name).chmod(0o644)


def _run(command: Sequence[str], given: str = "") -> None:
    """Run a tool in a process group of its own: mmdebstrap hangs up on the whole group that it is in when it fails."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PATH": _tool_path(), "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(given)
    except BaseException:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()
        raise
    if process.returncode:
        last = "\n".join(output.strip().splitlines()[-_LAST_LINES:])
        hint = "make room, or set CASTDECK_CACHE" if "No space left" in output else ""
        raise MachineError(f"{command[0]} failed with status {process.returncode}:\n{last}", hint=hint)
