"""What a kind of machine offers besides machines: managing its cache, and probing this computer.

A kind provides it as `OFFERS` in the module of its entry point.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol

from castdeck.machine.kinds import kinds


@dataclass(frozen=True)
class Stored:
    """A disk with the snapshots based on it: bytes used on this computer's disk, and the time of last use.

    `names` are the machines that use it; empty for leftovers of an older or interrupted castdeck.
    """

    folder: Path
    names: tuple[str, ...]
    image: int
    snapshots: int
    checkpoints: int
    last_used: float

    @property
    def size(self) -> int:
        """The size of everything."""
        return self.image + self.snapshots + self.checkpoints


@dataclass(frozen=True)
class Abilities:
    """What a kind finds on this computer: the accelerator that works ("" if not known yet), and whether its machines
    can reach the internet and boot arm64 images.
    """

    accelerator: str = ""
    has_user_network: bool = False
    has_firmware: bool = False


class Offers(Protocol):
    """What a kind offers. `cache` is castdeck's cache folder."""

    def stored(self, cache: Path) -> Sequence[Stored]:
        """The stored machines, by name."""

    def remove(self, stored: Iterable[Stored]) -> tuple[list[Stored], list[Stored]]:
        """Remove machines. Returns those removed, and those kept because they are running or being built."""

    def tidy(self, cache: Path) -> int:
        """Remove what no machine needs any more. Returns the bytes freed."""

    def states_size(self, cache: Path) -> int:
        """The size of all checkpoints, in bytes."""

    def abilities(self, cache: Path, architecture: str) -> Abilities:
        """Probe this computer, which has that architecture. Changes nothing."""


def offers() -> Iterator[Offers]:
    """The offers of all kinds that have any and can be loaded."""
    for kind in kinds().values():
        with suppress(ImportError):  # reported where a machine of that kind is used
            found: Offers | None = getattr(import_module(kind.module), "OFFERS", None)
            if found:
                yield found


def stored_machines(cache: Path) -> list[Stored]:
    """The stored machines of all kinds, by name."""
    return [one for offer in offers() for one in offer.stored(cache)]


def remove(stored: Sequence[Stored], cache: Path) -> tuple[list[Stored], list[Stored]]:
    """Remove machines of any kind. Returns those removed and those kept. Raises MachineError."""
    gone: list[Stored] = []
    busy: list[Stored] = []
    for offer in offers():
        own = {one.folder for one in offer.stored(cache)}
        more_gone, more_busy = offer.remove(one for one in stored if one.folder in own)
        gone += more_gone
        busy += more_busy
    return gone, busy


def tidy(cache: Path) -> int:
    """Remove what no machine needs any more. Returns the bytes freed."""
    return sum(offer.tidy(cache) for offer in offers())


def states_size(cache: Path) -> int:
    """The size of all checkpoints of all kinds, in bytes."""
    return sum(offer.states_size(cache) for offer in offers())
