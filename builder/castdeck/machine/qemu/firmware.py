"""Finds the UEFI firmware that boots arm64 images; for x86, QEMU includes a BIOS."""

import shutil
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.architectures import EMULATORS

_PLACES = (
    "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd",  # Debian, Ubuntu
    "/usr/share/edk2/aarch64/QEMU_EFI.fd",  # Fedora, Arch
)
_BESIDE_QEMU = "share/qemu/edk2-aarch64-code.fd"  # bundled with QEMU, as in Homebrew


def find_firmware() -> Path | None:
    """The firmware's path, if it is installed."""
    emulator = shutil.which(EMULATORS["arm64"])
    beside = [Path(emulator).resolve().parent.parent / _BESIDE_QEMU] if emulator else []
    return next((path for path in (*map(Path, _PLACES), *beside) if path.is_file()), None)


def firmware() -> Path:
    """The firmware's path. Raises MachineError."""
    found = find_firmware()
    if found is None:
        raise MachineError(
            "an arm64 image starts with UEFI firmware, which is not installed",
            hint="castdeck machine doctor says how to install it",
        )
    return found
