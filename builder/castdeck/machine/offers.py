"""What a kind of machine offers beside machines: what it keeps in the cache, and what it finds on this computer.

A kind that has such has it as `OFFERS` in the module that its entry point names.
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
    """One disk with all snapshots that stand on it: bytes on this computer's disk, and when it was used last.

    `names` are the machines that it was made for; none for what an older castdeck, or an interrupted one, left behind.
    """

    folder: Path
    names: tuple[str, ...]
    image: int
    snapshots: int
    checkpoints: int
    last_used: float

    @property
    def size(self) -> int:
        """All of it."""
        return self.image + self.snapshots + self.checkpoints


@dataclass(frozen=True)
class Abilities:
    """What a kind finds on this computer: the accelerator that boots ("" when it is not known yet), and whether its
    machines can reach the internet and start from images of arm64.
    """

    accelerator: str = ""
    has_user_network: bool = False
    has_firmware: bool = False


class Offers(Protocol):
    """What a kind offers. `cache` is castdeck's cache folder."""

    def stored(self, cache: Path) -> Sequence[Stored]:
        """The machines that it keeps, by name."""

    def remove(self, stored: Iterable[Stored]) -> tuple[list[Stored], list[Stored]]:
        """Remove machines; those that are gone, and those that stay because they run or are being built."""

    def tidy(self, cache: Path) -> int:
        """Remove what no machine needs any more, and give the bytes that it took."""

    def states_size(self, cache: Path) -> int:
        """The bytes that states of machines take, which recordings can start from."""

    def abilities(self, cache: Path, architecture: str) -> Abilities:
        """What it finds on this computer, whose architecture has that name. Nothing is changed."""


def offers() -> Iterator[Offers]:
    """What the kinds offer, each that offers something and can be loaded."""
    for kind in kinds().values():
        with suppress(ImportError, AttributeError):
            found: Offers = import_module(kind.module).OFFERS
            yield found


def stored_machines(cache: Path) -> list[Stored]:
    """The machines in the cache, of all kinds, by name."""
    return [one for offer in offers() for one in offer.stored(cache)]


def remove(stored: Sequence[Stored], cache: Path) -> tuple[list[Stored], list[Stored]]:
    """Remove machines of any kind; those that are gone, and those that stay. Raises MachineError."""
    gone: list[Stored] = []
    busy: list[Stored] = []
    for offer in offers():
        own = {one.folder for one in offer.stored(cache)}
        more_gone, more_busy = offer.remove(one for one in stored if one.folder in own)
        gone += more_gone
        busy += more_busy
    return gone, busy


def tidy(cache: Path) -> int:
    """Remove what no machine needs any more, and give the bytes that it took."""
    return sum(offer.tidy(cache) for offer in offers())


def states_size(cache: Path) -> int:
    """The bytes that states of machines take."""
    return sum(offer.states_size(cache) for offer in offers())
