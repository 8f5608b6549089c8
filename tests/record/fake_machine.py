"""A machine that is only a list of what ran on it, with states that can be kept: for the logic of recording."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError


@dataclass(eq=False)
class FakeMachine:
    """What ran on it, by name."""

    ran: list[str]
    terminal: int = -1
    root_shell: str = ""
    lost: bool = False
    killed: bool = False
    closed: bool = False

    def resize(self, cols: int, rows: int) -> None: ...

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = 60) -> str:
        return ""

    def is_lost(self) -> bool:
        return self.lost

    def processor_seconds(self) -> None: ...

    def kill(self) -> None:
        self.killed = True

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeCheckpoints:
    """States by key: what had run. Those in `damaged` can't be started from; saving fails while `full`."""

    states: dict[str, list[str]] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)
    held_now: list[str] = field(default_factory=list)
    full: bool = False
    trims: int = 0

    def has(self, key: str) -> bool:
        return key in self.states

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        self.held_now.append(key)
        yield
        self.held_now.remove(key)

    def save(self, key: str, machine: Any) -> bool:
        if self.full:
            raise MachineError("the disk is full")
        self.states[key] = list(machine.ran)
        return True

    def discard(self, key: str) -> None:
        assert key not in self.held_now, "a state that is used can't be removed"
        del self.states[key]

    def trim(self) -> None:
        self.trims += 1


@dataclass
class FakeReady:
    """Starts fake machines, and knows which state each was started from ("": none) and that all of them were ended."""

    kept: FakeCheckpoints | None = field(default_factory=FakeCheckpoints)
    started_from: list[str] = field(default_factory=list)
    machines: list[FakeMachine] = field(default_factory=list)
    is_broken: bool = False
    summary: str = ""

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator[FakeMachine]:
        if self.is_broken or (self.kept and state in self.kept.damaged):
            raise MachineError("it does not start")
        self.started_from.append(state)
        machine = FakeMachine(list(self.kept.states[state]) if state and self.kept else [])
        self.machines.append(machine)
        try:
            yield machine
        finally:
            machine.close()

    def checkpoints(self, room: int) -> FakeCheckpoints | None:
        return self.kept
