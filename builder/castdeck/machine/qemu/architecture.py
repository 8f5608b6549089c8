"""The kinds of processor that a guest can have, by Debian's names, and what of QEMU stands for each."""

import platform

from castdeck.errors import MachineError
from castdeck.machine.qemu.definition import MachineDefinition

_BY_THE_KERNELS_NAME = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
EMULATORS = {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}
MODELS = {"amd64": "q35,usb=off,vmport=off", "arm64": "virt"}
EMULATED_PROCESSORS = {"amd64": "max", "arm64": "max,pauth-impdef=on"}
"""With all that QEMU can emulate; on arm64 by a cheaper way to sign pointers than the processor's own."""


def host_architecture() -> str:
    """This computer's. Raises MachineError where no guest can be made for it."""
    try:
        return _BY_THE_KERNELS_NAME[platform.machine()]
    except KeyError:
        raise MachineError(f"no guest is known for a {platform.machine()} computer") from None


def architecture(definition: MachineDefinition) -> str:
    """The guest's: what its definition says, or this computer's. Raises MachineError."""
    return definition.arch or host_architecture()


def is_foreign(definition: MachineDefinition) -> bool:
    """Whether its processor is another than this computer's, and so can only be emulated. Raises MachineError."""
    return architecture(definition) != host_architecture()
