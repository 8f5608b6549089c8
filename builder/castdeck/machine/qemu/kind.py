"""The kind of machine called `qemu`: a throw-away virtual machine, started from a golden snapshot."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError
from castdeck.machine.memory import installed_memory
from castdeck.machine.protocol import Step
from castdeck.machine.qemu.accelerators import emulator_version, own_accelerator
from castdeck.machine.qemu.architecture import architecture, is_foreign
from castdeck.machine.qemu.checkpoints import QemuCheckpoints
from castdeck.machine.qemu.clones import QemuClones
from castdeck.machine.qemu.definition import MachineDefinition, read_definition
from castdeck.machine.qemu.golden import Golden, ready_machine, removed_if_damaged, started
from castdeck.machine.qemu.keys import identity_key
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.machine.qemu.offers import QemuOffers
from castdeck.machine.settings import Table

_OVERHEAD = 256  # MiB that QEMU needs besides the guest's memory
_NETWORK_STACK = 64  # MiB, for a machine with internet access

OFFERS = QemuOffers()


def define(table: Table) -> "QemuDefinition":
    """The virtual machine defined by a table. Raises WorkspaceError."""
    parent = table.parent
    if parent is not None and not isinstance(parent, QemuDefinition):
        raise table.wrong(f"it can't be made from {parent.name}, which is not a virtual machine")
    return QemuDefinition(read_definition(table, parent.machine if parent else None), table.folder)


@dataclass(frozen=True)
class QemuDefinition:
    """A virtual machine's definition; implements `castdeck.machine.protocol.Definition`.

    `folder` is the workspace that defines it.
    """

    machine: MachineDefinition
    folder: Path | None = None

    @property
    def name(self) -> str:
        """The name of the machine."""
        return self.machine.name

    @property
    def identity(self) -> str:
        """The content hash of the machine's definition."""
        return f"{self.machine.name}-{identity_key(self.machine)}"

    @property
    def memory(self) -> int:
        """The memory of a running machine, in MiB: the guest's and QEMU's own."""
        return self.machine.memory + _OVERHEAD + (_NETWORK_STACK if self.machine.has_internet else 0)

    @property
    def network(self) -> str:
        """ "none": no network card. "internet": a network card that is connected only to the internet."""
        return self.machine.network

    @property
    def accelerator(self) -> str:
        """None for another architecture, which is always emulated."""
        return "none" if is_foreign(self.machine) else own_accelerator()

    @property
    def images(self) -> tuple[str, ...]:
        """The images pulled before the snapshot."""
        return self.machine.images

    @property
    def risk(self) -> str:
        """None without internet access."""
        if not self.machine.has_internet:
            return ""
        whose = f"blocks of {self.folder}" if self.folder else "blocks of decks outside any workspace"
        return f"reaches the internet: {whose} can send there what they are given, secrets too, in this computer's name"

    def versions(self) -> Mapping[str, str]:
        """The version of QEMU."""
        return {"qemu": _version(architecture(self.machine))}

    def ready(self, cache: Path, step: Step, accelerator: str = "") -> "QemuReady":
        """The golden snapshot, built if it is not in the cache. Raises MachineError before that for too much memory."""
        installed = installed_memory() >> 20
        if self.machine.memory > installed:
            message = f"[machine.{self.name}] needs {self.machine.memory} MiB of memory, this computer has {installed}"
            raise MachineError(message, hint=f"set less in castdeck.toml, for example memory = {installed // 2}")
        return QemuReady(ready_machine(self.machine, cache, step, accelerator), cache)


@dataclass(frozen=True)
class QemuReady:
    """Starts machines from a golden snapshot; running machines write to `cache`."""

    golden: Golden
    cache: Path

    @property
    def summary(self) -> str:
        """The accelerator, and the size and path of the snapshot."""
        boot, size = self.golden.boot, self.golden.checkpoint.size / 1e6
        return f"on {boot.accelerator.split(',')[0]}, snapshot of {size:.0f} MB in {boot.folder}"

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator[QemuMachine]:
        """Start a machine from the golden snapshot, or from a checkpoint."""
        checkpoint = QemuCheckpoints(self.golden, self.cache, 0).find(state) if state else self.golden.checkpoint
        if checkpoint is None:
            raise MachineError("it is gone")
        with ExitStack() as stack:
            try:
                machine = stack.enter_context(started(self.golden, self.cache, checkpoint, cancellation))
            except MachineError as error:
                if cancellation:
                    cancellation.check()
                if state:
                    raise
                if removed_if_damaged(self.golden):
                    raise MachineError(
                        "the machine's snapshot was damaged, and has been removed",
                        hint="try again: it is rebuilt",
                    ) from error
                hint = f"if it never does: castdeck machine prune {self.golden.definition.name}, and it is rebuilt"
                raise MachineError(error.problem.message, hint=hint) from error
            yield machine

    @contextmanager
    def clones(self) -> Iterator[QemuClones]:
        """The same, but machines share the memory of the states that they start from."""
        with closing(QemuClones(self, self.golden, self.cache)) as clones:
            yield clones

    def checkpoints(self, room: int) -> QemuCheckpoints:
        """The checkpoints of this golden snapshot."""
        return QemuCheckpoints(self.golden, self.cache, room)


def _version(architecture: str) -> str:
    words = emulator_version(architecture).split()
    return words[words.index("version") + 1] if "version" in words else "unknown"
