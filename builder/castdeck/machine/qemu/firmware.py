"""Where this computer keeps the UEFI firmware with which an arm64 guest starts by itself; x86 has its BIOS in QEMU."""

import shutil
from pathlib import Path

from castdeck.errors import MachineError

_PLACES = (
    "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd",  # Debian, Ubuntu
    "/usr/share/edk2/aarch64/QEMU_EFI.fd",  # Fedora, Arch
)
_BESIDE_QEMU = "share/qemu/edk2-aarch64-code.fd"  # what QEMU itself brings: Homebrew's has it


def find_firmware() -> Path | None:
    """The firmware's file, if it is there."""
    emulator = shutil.which("qemu-system-aarch64")
    beside = [Path(emulator).resolve().parent.parent / _BESIDE_QEMU] if emulator else []
    return next((path for path in (*map(Path, _PLACES), *beside) if path.is_file()), None)


def firmware() -> Path:
    """The firmware's file. Raises MachineError."""
    found = find_firmware()
    if found is None:
        raise MachineError(
            "an arm64 image starts with UEFI firmware, which is not installed",
            hint="castdeck machine doctor says what to type",
        )
    return found
