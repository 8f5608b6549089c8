"""Cache keys for the layers of a virtual machine: content hashes of everything that goes into a layer.

The base is the disk, made of packages or from an image; the golden snapshot is that disk, booted; each further layer is
based on the one before. So a changed setup script rebuilds only its own layer and those after it.
"""

import hashlib
import json
from collections.abc import Iterable

from castdeck.machine.qemu.definition import DEFAULT_LOCALE, DEFAULT_PROMPT, DEFAULT_USER, IMAGES, MachineDefinition
from castdeck.machine.qemu.guest_files import OF_AN_IMAGE, OF_PACKAGES, guest_file
from castdeck.machine.qemu.guest_network import network_script

_FORMAT = 3
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
    "vim-tiny",
    "htop",
)


def identity_key(definition: MachineDefinition) -> str:
    """The content hash of the machine's definition. Recordings depend on it; the host does not matter."""
    return layer_key(_boot(base_key(definition), definition), definition, len(definition.layers))


def base_key(definition: MachineDefinition) -> str:
    """The key of the disk."""
    settings = {
        "packages": sorted(definition.packages),
        "images": sorted([image, IMAGES[image]] for image in definition.images if image in IMAGES),
        "disk": definition.disk,
        "user": definition.user,
        "locale": definition.locale,
        "prompt": definition.prompt,
        "arch": definition.arch,
    }
    usual = {"user": DEFAULT_USER, "locale": DEFAULT_LOCALE, "prompt": DEFAULT_PROMPT, "arch": ""}
    said = {name: value for name, value in settings.items() if value != usual.get(name)}
    if definition.image:
        return _hash([_FORMAT, said, definition.image.checksum, _texts(OF_AN_IMAGE)])
    return _hash([_FORMAT, said, SYSTEM_PACKAGES, _texts(OF_PACKAGES)])


def golden_key(base: str, definition: MachineDefinition, host: str) -> str:
    """The key of the booted machine on `base`. `host` describes the host, since snapshots only work on the same one."""
    return _hash([_boot(base, definition), host])


def layer_key(golden: str, definition: MachineDefinition, number: int) -> str:
    """The key of the first `number` layers on the snapshot `golden`."""
    key = golden
    for layer in definition.layers[:number]:
        key = _hash([key, layer.key])
    return key


def _texts(guest_files: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, guest_file(name)) for name in guest_files]


def _boot(base: str, definition: MachineDefinition) -> str:
    said: list[object] = [base, definition.memory, definition.cores, definition.hostname]
    if definition.has_internet:
        said += [network_script(), sorted(image for image in definition.images if image not in IMAGES)]
    return _hash(said)


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]
