"""The advice for each system, from facts: what is missing, and what to type."""

from dataclasses import replace

import pytest

from castdeck.machine.doctor import DEBIAN_KEYS, FIRMWARE, USER_NETWORK, Advice, Facts, advice

TOOLS = "qemu-system-x86_64 qemu-system-aarch64 qemu-img zstd mmdebstrap mke2fs fakeroot newuidmap ssh bwrap ip"
WHOLE = Facts("debian", "amd64", frozenset(TOOLS.split()) | {DEBIAN_KEYS, USER_NETWORK}, "there", "kvm", 50.0, 8.0)


def told(facts: Facts) -> dict[str, Advice]:
    return {one.topic: one for one in advice(facts)}


def test_where_all_is_there_nothing_is_to_be_typed() -> None:
    assert all(one.is_fine and not one.command for one in advice(WHOLE))


@pytest.mark.parametrize(
    ("system", "architecture", "command"),
    [
        ("debian", "amd64", "sudo apt-get install qemu-system-x86 qemu-utils"),
        ("ubuntu", "arm64", "sudo apt-get install qemu-system-arm qemu-utils"),
        ("fedora", "amd64", "sudo dnf install qemu-system-x86-core qemu-img"),
        ("arch", "amd64", "sudo pacman -S --needed qemu-base"),
        ("macos", "arm64", "brew install qemu"),
        ("other", "amd64", "install from your system's packages: QEMU"),
    ],
)
def test_each_system_has_its_own_words_for_qemu(system: str, architecture: str, command: str) -> None:
    qemu = told(replace(WHOLE, system=system, architecture=architecture, tools=frozenset()))["QEMU"]
    assert (qemu.is_fine, qemu.is_needed, qemu.command) == (False, True, command)


def test_every_linux_makes_machines_of_debian_packages_and_root_needs_less_for_it() -> None:
    bare = replace(WHOLE, system="ubuntu", tools=frozenset({"mke2fs"}))
    install = "sudo apt-get install mmdebstrap"
    assert told(bare)["machines"].command == f"{install} fakeroot uidmap debian-archive-keyring"
    assert told(replace(bare, is_root=True))["machines"].command == f"{install} debian-archive-keyring"
    fedora = replace(WHOLE, system="fedora", tools=WHOLE.tools - {DEBIAN_KEYS})
    assert told(fedora)["machines"].command == "sudo dnf install debian-keyring"
    assert "in the AUR" in told(replace(WHOLE, system="arch", tools=frozenset()))["machines"].text
    assert "made from a disk image only" in told(replace(WHOLE, system="macos"))["machines"].text


@pytest.mark.parametrize(
    ("system", "command", "is_needed"),
    [
        ("debian", "sudo apt-get install qemu-efi-aarch64", False),
        ("fedora", "sudo dnf install edk2-aarch64", False),
        ("macos", "brew install qemu", True),
    ],
)
def test_an_arm64_image_wants_firmware(system: str, command: str, is_needed: bool) -> None:
    arm = replace(WHOLE, system=system, architecture="arm64")
    image = told(arm)["image machines"]
    assert (image.is_fine, image.command, image.is_needed) == (False, command, is_needed)
    assert "image machines" not in told(replace(arm, tools=WHOLE.tools | {FIRMWARE}))
    assert "image machines" not in told(replace(WHOLE, system=system))


@pytest.mark.parametrize(
    ("changes", "text", "command"),
    [
        ({"accelerator": ""}, "/dev/kvm exists; the first boot of a machine will show whether it works", ""),
        ({"accelerator": "tcg,thread=multi"}, "/dev/kvm exists, but no machine boots with it", ""),
        ({"accelerator": "", "kvm": "not allowed"}, "no permission for /dev/kvm", "sudo usermod -aG kvm $USER"),
        ({"accelerator": "", "kvm": "missing"}, "Turn virtualization on in the firmware", ""),
        ({"accelerator": "", "kvm": "missing", "is_wsl": True}, "nestedVirtualization=true", "wsl --shutdown"),
        ({"accelerator": "", "system": "macos"}, "hvf is tried", ""),
        ({"accelerator": "hvf", "system": "macos"}, "hvf works", ""),
    ],
)
def test_what_is_known_of_the_accelerator(changes: dict[str, object], text: str, command: str) -> None:
    found = told(replace(WHOLE, **changes))["accelerator"]  # type: ignore[arg-type]
    assert text in found.text and found.command == command and not found.is_needed


def test_windows_is_sent_to_wsl() -> None:
    (one,) = advice(replace(WHOLE, system="windows"))
    assert one.command == "wsl --install -d Debian" and not one.is_fine


def test_too_little_room_or_memory_is_said() -> None:
    small = told(replace(WHOLE, room=1.2, memory=0.7))
    assert small["disk"].command == "castdeck machine prune"
    assert small["memory"].text == "0.7 GiB free, 1.5 required for the docker machine"
    assert not small["disk"].is_fine and not small["memory"].is_fine


def test_the_other_kinds_are_only_better_to_have() -> None:
    bare = told(replace(WHOLE, system="fedora", tools=WHOLE.tools - {"ssh", "bwrap"}))
    assert bare["ssh machines"].command == "sudo dnf install openssh-clients"
    assert bare["local machines"].command == "sudo dnf install bubblewrap"
    assert not bare["ssh machines"].is_needed
    assert told(replace(WHOLE, system="macos"))["local machines"].text == "the sandbox needs Linux"


@pytest.mark.parametrize(
    ("changes", "text", "command"),
    [
        ({}, 'machines with network = "internet" reach only the internet', ""),
        ({"tools": WHOLE.tools - {USER_NETWORK}}, "built with its user network (libslirp)", ""),
        ({"tools": WHOLE.tools - {"ip"}}, "need ip, to find", "sudo apt-get install iproute2"),
        ({"tools": WHOLE.tools - {"ip"}, "system": "fedora"}, "need ip, to find", "sudo dnf install iproute"),
        ({"system": "macos"}, "need Linux, whose kernel filters", ""),
    ],
)
def test_whether_machines_can_have_the_internet(changes: dict[str, object], text: str, command: str) -> None:
    found = told(replace(WHOLE, **changes))["internet"]  # type: ignore[arg-type]
    assert text in found.text and found.command == command and not found.is_needed
    assert found.is_fine == (not changes)
