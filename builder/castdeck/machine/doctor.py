"""Turns facts about this computer into advice: what recording needs, and the command that installs it. Runs nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from castdeck.machine.architectures import EMULATORS

DEBIAN, UBUNTU, FEDORA, ARCH, MACOS, WINDOWS, OTHER = "debian", "ubuntu", "fedora", "arch", "macos", "windows", "other"
_INSTALL = {
    DEBIAN: "sudo apt-get install",
    UBUNTU: "sudo apt-get install",
    FEDORA: "sudo dnf install",
    ARCH: "sudo pacman -S --needed",
    MACOS: "brew install",
}
_QEMU = {
    DEBIAN: {"amd64": "qemu-system-x86 qemu-utils", "arm64": "qemu-system-arm qemu-utils"},
    UBUNTU: {"amd64": "qemu-system-x86 qemu-utils", "arm64": "qemu-system-arm qemu-utils"},
    FEDORA: {"amd64": "qemu-system-x86-core qemu-img", "arm64": "qemu-system-aarch64-core qemu-img"},
    ARCH: {"amd64": "qemu-base", "arm64": "qemu-system-aarch64 qemu-img"},
    MACOS: {"amd64": "qemu", "arm64": "qemu"},
}
_BUILDERS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "fakeroot": "fakeroot", "newuidmap": "uidmap"}
DEBIAN_KEYS = "the Debian archive's keys"
USER_NETWORK = "QEMU's user network"
_KEYS = {FEDORA: "debian-keyring"}
FIRMWARE = "UEFI firmware for arm64"
_FIRMWARE = {FEDORA: "edk2-aarch64", ARCH: "edk2-aarch64", MACOS: "qemu"}
_ROOM = 3.0  # GiB: a disk while it is built, its snapshots, and a deck's checkpoints
_MEMORY = 1.5  # GiB: the docker machine with QEMU


@dataclass(frozen=True)
class Facts:
    """Facts about a computer: `tools` are the installed programs, with DEBIAN_KEYS, USER_NETWORK, FIRMWARE if present.

    `accelerator` is the one that boots, "" before the first machine was built. `kvm` is "missing" (no /dev/kvm), "not
    allowed" or "there"; `room` and `memory` are GiB that are free. `is_wsl`: a Linux inside Windows.
    """

    system: str
    architecture: str
    tools: frozenset[str]
    kvm: str
    accelerator: str
    room: float
    memory: float
    is_wsl: bool = False
    is_root: bool = False


@dataclass(frozen=True)
class Advice:
    """A requirement for recording (`is_needed`) or an improvement, its state, and the command to get it."""

    topic: str
    text: str
    is_fine: bool
    is_needed: bool = True
    command: str = ""


def advice(facts: Facts) -> tuple[Advice, ...]:
    """Advice on each requirement."""
    if facts.system == WINDOWS:
        text = "castdeck records inside WSL2; everything except recording works here too"
        return (Advice("system", text, False, True, "wsl --install -d Debian"),)
    return (
        *_emulator(facts),
        *_builders(facts),
        *_firmware(facts),
        _accelerator(facts),
        *_room(facts),
        _internet(facts),
        *_other_kinds(facts),
    )


def _emulator(facts: Facts) -> Iterator[Advice]:
    program = EMULATORS.get(facts.architecture, "")
    if not program:
        yield Advice(
            "QEMU", f"there is no guest for a {facts.architecture} computer; castdeck build --no-record works", False
        )
        return
    found = {program, "qemu-img"} <= facts.tools
    package = _QEMU.get(facts.system, {}).get(facts.architecture, "")
    command = "" if found else _install(facts, package)
    yield Advice("QEMU", program if found else f"{program} and qemu-img are required", found, True, command)
    if "zstd" not in facts.tools:
        yield Advice("zstd", "compresses snapshots", False, True, _install(facts, "zstd"))


def _builders(facts: Facts) -> Iterator[Advice]:
    if facts.system == MACOS:
        text = 'made from a disk image only, such as a cloud image: image = "https://..." in castdeck.toml'
        yield Advice("machines", text, True)
        return
    wanted = {**_BUILDERS, DEBIAN_KEYS: _KEYS.get(facts.system, "debian-archive-keyring")}
    if facts.is_root:
        wanted = {tool: name for tool, name in wanted.items() if tool not in ("fakeroot", "newuidmap")}
    missing = [name for tool, name in wanted.items() if tool not in facts.tools]
    where = "this computer's own packages" if facts.system == DEBIAN else "Debian's packages"
    aur = " (mmdebstrap is in the AUR)" if facts.system == ARCH and "mmdebstrap" in missing else ""
    text = f"{', '.join(missing)} required{aur}" if missing else f"built from {where}"
    yield Advice("machines", text, not missing, True, _install(facts, " ".join(missing)) if missing else "")


def _firmware(facts: Facts) -> Iterator[Advice]:
    """Firmware, which only arm64 guests made from an image need."""
    if facts.architecture != "arm64" or FIRMWARE in facts.tools:
        return
    command = _install(facts, _FIRMWARE.get(facts.system, "qemu-efi-aarch64"))
    yield Advice("image machines", f"{FIRMWARE} required", False, facts.system == MACOS, command)


def _accelerator(facts: Facts) -> Advice:
    name = facts.accelerator.split(",")[0]
    if name and name != "tcg":
        return Advice("accelerator", f"{name} works", True, False)
    slow = "machines are emulated, about ten times slower"
    if facts.system == MACOS:
        return Advice("accelerator", f"hvf is tried when the first machine boots; without it {slow}", not name, False)
    if facts.kvm == "not allowed":
        return Advice(
            "accelerator", f"you have no permission for /dev/kvm: {slow}", False, False, "sudo usermod -aG kvm $USER"
        )
    if facts.kvm == "there" and not name:
        return Advice(
            "accelerator", "/dev/kvm exists; the first boot of a machine will show whether it works", True, False
        )
    if facts.kvm == "there":
        return Advice("accelerator", f"/dev/kvm exists, but no machine boots with it: {slow}", False, False)
    if facts.is_wsl:
        text = f"no /dev/kvm: {slow}. In Windows, %UserProfile%\\.wslconfig: [wsl2] nestedVirtualization=true"
        return Advice("accelerator", text, False, False, "wsl --shutdown")
    text = f"no /dev/kvm: {slow}. Turn virtualization on in the firmware, or nested virtualization in the host"
    return Advice("accelerator", text, False, False)


def _room(facts: Facts) -> Iterator[Advice]:
    text = f"{facts.room:.0f} GiB free in the cache folder, {_ROOM:.0f} required"
    yield Advice("disk", text, facts.room >= _ROOM, True, "" if facts.room >= _ROOM else "castdeck machine prune")
    fine = facts.memory >= _MEMORY
    yield Advice("memory", f"{facts.memory:.1f} GiB free, {_MEMORY} required for the docker machine", fine)


def _internet(facts: Facts) -> Advice:
    topic, wanted = "internet", 'machines with network = "internet"'
    if facts.system == MACOS:
        return Advice(topic, f"{wanted} need Linux, whose kernel filters their packets", False, False)
    if USER_NETWORK not in facts.tools:
        return Advice(topic, f"{wanted} need a QEMU built with its user network (libslirp)", False, False)
    if "ip" not in facts.tools:
        package = "iproute" if facts.system == FEDORA else "iproute2"
        return Advice(
            topic, f"{wanted} need ip, to find this computer's own networks", False, False, _install(facts, package)
        )
    return Advice(topic, f"{wanted} reach only the internet", True, False)


def _other_kinds(facts: Facts) -> Iterator[Advice]:
    ssh = "ssh" in facts.tools
    yield Advice("ssh machines", "ssh" if ssh else "no ssh", ssh, False, "" if ssh else _install(facts, "openssh"))
    if facts.system == MACOS:
        yield Advice("local machines", "the sandbox needs Linux", False, False)
        return
    found = "bwrap" in facts.tools
    command = "" if found else _install(facts, "bubblewrap")
    yield Advice("local machines", "bubblewrap" if found else "no bubblewrap", found, False, command)


def _install(facts: Facts, packages: str) -> str:
    if facts.system not in _INSTALL:
        return f"install from your system's packages: {packages or 'QEMU'}"
    if facts.system in (DEBIAN, UBUNTU):
        packages = packages.replace("openssh", "openssh-client")
    elif facts.system == FEDORA:
        packages = packages.replace("openssh", "openssh-clients")
    return f"{_INSTALL[facts.system]} {packages}"
