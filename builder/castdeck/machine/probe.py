"""Gathers the facts for `castdeck machine doctor`; changes nothing."""

import os
import platform
import shutil
import sys
from pathlib import Path

from castdeck.machine import doctor
from castdeck.machine.architectures import EMULATORS, host_architecture
from castdeck.machine.doctor import Facts
from castdeck.machine.memory import free_memory
from castdeck.machine.offers import offers

_TOOLS = [
    *(*EMULATORS.values(), "qemu-img", "zstd", "ssh", "bwrap"),
    *("mmdebstrap", "mke2fs", "fakeroot", "newuidmap", "ip"),
]
_GIB = 1 << 30


def probe(cache: Path) -> Facts:
    """Probe this computer; `cache` is the cache folder."""
    path = f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin{os.pathsep}/sbin"
    tools = frozenset(tool for tool in _TOOLS if shutil.which(tool, path=path))
    if Path("/usr/share/keyrings/debian-archive-keyring.gpg").exists():
        tools |= {doctor.DEBIAN_KEYS}
    architecture = host_architecture()
    found = [offer.abilities(cache, architecture) for offer in offers()]
    if any(one.has_user_network for one in found):
        tools |= {doctor.USER_NETWORK}
    if any(one.has_firmware for one in found):
        tools |= {doctor.FIRMWARE}
    return Facts(
        system=_system(),
        architecture=architecture,
        tools=tools,
        kvm=_kvm(),
        accelerator=next((one.accelerator for one in found if one.accelerator), ""),
        room=_room(cache),
        memory=free_memory() / _GIB,
        is_wsl="microsoft" in platform.release().lower(),
        is_root=hasattr(os, "geteuid") and os.geteuid() == 0,
    )


def _system() -> str:
    if sys.platform == "win32":
        return doctor.WINDOWS
    if sys.platform == "darwin":
        return doctor.MACOS
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return doctor.OTHER
    words = (release.get("ID", ""), *release.get("ID_LIKE", "").split())
    known = (doctor.UBUNTU, doctor.DEBIAN, doctor.FEDORA, doctor.ARCH)
    return next((word for word in words if word in known), doctor.OTHER)


def _kvm() -> str:
    device = Path("/dev/kvm")
    if not device.exists():
        return "missing"
    return "there" if os.access(device, os.R_OK | os.W_OK) else "not allowed"


def _room(cache: Path) -> float:
    folder = next(path for path in (cache, *cache.parents) if path.exists())
    return shutil.disk_usage(folder).free / _GIB
