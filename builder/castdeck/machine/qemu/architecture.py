"""The architectures that a guest can have, by Debian's names, with QEMU's settings for each."""

from castdeck.errors import MachineError
from castdeck.machine import architectures
from castdeck.machine.architectures import EMULATORS
from castdeck.machine.qemu.definition import MachineDefinition

PACKAGES = {"amd64": "qemu-system-x86", "arm64": "qemu-system-arm"}
"""Debian's packages of the emulators."""
MODELS = {"amd64": "q35,usb=off,vmport=off", "arm64": "virt"}
MEMORY_BLOCKS = {"amd64": "pc.ram", "arm64": "mach-virt.ram"}
"""What QEMU calls these models' memory in a saved state."""
EMULATED_PROCESSORS = {"amd64": "max", "arm64": "max,pauth-impdef=on"}
"""All features that QEMU can emulate; on arm64 with a cheaper algorithm for pointer authentication."""


def host_architecture() -> str:
    """This computer's architecture. Raises MachineError if there are no guests for it."""
    name = architectures.host_architecture()
    if name not in EMULATORS:
        raise MachineError(f"there is no guest for a {name} computer")
    return name


def architecture(definition: MachineDefinition) -> str:
    """The guest's architecture: from its definition, or this computer's. Raises MachineError."""
    return definition.arch or host_architecture()


def is_foreign(definition: MachineDefinition) -> bool:
    """Whether the architecture differs from this computer's, and so has to be emulated. Raises MachineError."""
    return architecture(definition) != host_architecture()
