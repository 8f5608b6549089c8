"""QEMU's side of machine/offers.py: its machines in the cache, and its abilities on this computer."""

import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from castdeck.machine.architectures import EMULATORS
from castdeck.machine.offers import Abilities, Stored
from castdeck.machine.qemu.accelerators import known_accelerator
from castdeck.machine.qemu.checkpoints import checkpoints_size
from castdeck.machine.qemu.firmware import find_firmware
from castdeck.machine.qemu.image_cache import drop_images
from castdeck.machine.qemu.internet import has_user_network
from castdeck.machine.qemu.storage import remove, stored_machines


class QemuOffers:
    """See machine/offers.py."""

    def stored(self, cache: Path) -> Sequence[Stored]:
        """The stored machines."""
        return stored_machines(cache)

    def remove(self, stored: Iterable[Stored]) -> tuple[list[Stored], list[Stored]]:
        """Remove machines. Returns those removed and those kept."""
        return remove(stored)

    def tidy(self, cache: Path) -> int:
        """Remove unused images."""
        return drop_images(cache / "machines")

    def states_size(self, cache: Path) -> int:
        """The size of all checkpoints, in bytes."""
        return checkpoints_size(cache)

    def abilities(self, cache: Path, architecture: str) -> Abilities:
        """What the installed QEMU can do."""
        program = EMULATORS.get(architecture, "")
        firmware = bool(find_firmware())
        if not program or not shutil.which(program):
            return Abilities(has_firmware=firmware)
        known = known_accelerator(cache / "machines") if shutil.which("qemu-img") else ""
        return Abilities(known, has_user_network(program), firmware)
