"""Starts a machine many times from the same states; at little cost if its kind can share memory."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from castdeck.cancellation import Cancellation
from castdeck.machine.protocol import Checkpoints, Machine, Ready


class Clones(Ready, Protocol):
    """A machine whose states can be loaded in advance, for quick starts."""

    def prepare(self, state: str = "", cancellation: Cancellation | None = None) -> None:
        """Load a saved state ("": the golden snapshot) in advance. Raises MachineError."""


@runtime_checkable
class _Clonable(Protocol):
    def clones(self) -> AbstractContextManager[Clones]: ...


@contextmanager
def cloning(ready: Ready) -> Iterator[Clones]:
    """The same machine, to be started many times: as clones if its kind can share memory."""
    if isinstance(ready, _Clonable) and sys.platform == "linux":
        with ready.clones() as clones:
            yield clones
    else:
        yield _Unshared(ready)


@dataclass(frozen=True)
class _Unshared:
    """A machine that can't share memory: each start takes memory of its own."""

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
