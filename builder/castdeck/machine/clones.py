"""Machines that are started again and again from the same states: cheaply, where their kind can share memory."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from castdeck.cancellation import Cancellation
from castdeck.machine.protocol import Checkpoints, Machine, Ready


class Clones(Ready, Protocol):
    """A machine whose states can be made ready for quick starts."""

    def prepare(self, state: str = "", cancellation: Cancellation | None = None) -> None:
        """Make a kept state ("": the golden machine) ready. Raises MachineError."""


@runtime_checkable
class _Clonable(Protocol):
    def clones(self) -> AbstractContextManager[Clones]: ...


@contextmanager
def cloning(ready: Ready) -> Iterator[Clones]:
    """The same machine, of which many can be started side by side; one that can't share memory as it is."""
    if isinstance(ready, _Clonable) and sys.platform == "linux":
        with ready.clones() as clones:
            yield clones
    else:
        yield _Unshared(ready)


@dataclass(frozen=True)
class _Unshared:
    """A machine each of whose starts has memory of its own."""

    ready: Ready

    @property
    def summary(self) -> str:
        return self.ready.summary

    def checkpoints(self, room: int) -> Checkpoints | None:
        return self.ready.checkpoints(room)

    def started(self, state: str = "", cancellation: Cancellation | None = None) -> AbstractContextManager[Machine]:
        return self.ready.started(state, cancellation)

    def prepare(self, state: str = "", cancellation: Cancellation | None = None) -> None:
        pass
