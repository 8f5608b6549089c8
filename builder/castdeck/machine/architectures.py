"""Computer architectures by Debian's names, and QEMU's emulator for each."""

import platform
import shutil

EMULATORS = {"amd64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}
_BY_PLATFORM = {"x86_64": "amd64", "AMD64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def host_architecture() -> str:
    """This computer's architecture, by Python's name for it if it has no emulator here."""
    return _BY_PLATFORM.get(platform.machine(), platform.machine())


def find_emulator() -> str:
    """The path of the first emulator that is installed; "" if none is."""
    return next((found for name in EMULATORS.values() if (found := shutil.which(name))), "")
