"""Starts machines by cloning: a state is loaded once, and all machines that start from it share its memory.

The state is read from its checkpoint into a template (template.py), from which machines start. The first machine does
not wait for that: it reads the checkpoint itself. The least recently used templates are freed.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError
from castdeck.machine.qemu.checkpoints import QemuCheckpoints
from castdeck.machine.qemu.golden import Golden, started
from castdeck.machine.qemu.launch import Checkpoint
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.machine.qemu.template import Template, empty_template
from castdeck.machine.run_folders import run_folder

KEPT = 3  # templates; each takes as much memory as its guest has ever used


class Streamed(Protocol):
    """The same machine without cloning."""

    @property
    def summary(self) -> str:
        """What it is."""

    def started(self, state: str, cancellation: Cancellation | None) -> AbstractContextManager[QemuMachine]:
        """A machine in that state."""


@dataclass
class _State:
    """A state: its template, once it is loaded. `is_begun`: a machine has been started from it."""

    loading: threading.Lock = field(default_factory=threading.Lock)
    template: Template | None = None
    users: int = 0
    is_begun: bool = False


class QemuClones:
    """A golden snapshot and its checkpoints, started by cloning. Thread-safe; needs `close`."""

    def __init__(self, ready: Streamed, golden: Golden, cache: Path) -> None:
        self._ready, self._golden, self._cache = ready, golden, cache
        self._states: OrderedDict[str, _State] = OrderedDict()
        self._lock = threading.Lock()
        self._most = KEPT

    @property
    def summary(self) -> str:
        """The same as without cloning."""
        return self._ready.summary

    def checkpoints(self, room: int) -> QemuCheckpoints:
        """The same as without cloning."""
        return QemuCheckpoints(self._golden, self._cache, room)

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator[QemuMachine]:
        """A machine in that state ("": the golden snapshot); with memory of its own if it can't be cloned."""
        with ExitStack() as stack:
            try:
                with self._start(state, cancellation) as start:
                    machine = stack.enter_context(
                        started(self._golden, self._cache, start, cancellation, is_clone=True)
                    )
            except MachineError:
                if cancellation:
                    cancellation.check()
                machine = stack.enter_context(self._ready.started(state, cancellation))
            yield machine

    def prepare(self, state: str = "", cancellation: Cancellation | None = None) -> None:
        """Load a state in advance, so that machines start from it at once. Raises MachineError."""
        with self._used(state) as one:
            self._template(one, state, cancellation)

    def close(self) -> None:
        """Free all states. Running machines keep what they need."""
        with self._lock:
            self._most = 0
            self._trim()

    @contextmanager
    def _start(self, state: str, cancellation: Cancellation | None) -> Iterator[Checkpoint | Template]:
        """What to start a machine from: a template, or a checkpoint for the first machine of a state."""
        with self._used(state) as one:
            with self._lock:
                is_first = one.template is None and one.users == 1 and not one.is_begun
                one.is_begun = True
            if not is_first:
                yield self._template(one, state, cancellation)
                return
            try:
                with self._checkpoint(state) as checkpoint:
                    yield checkpoint
            except MachineError:
                one.is_begun = False
                raise

    def _template(self, one: _State, state: str, cancellation: Cancellation | None) -> Template:
        with one.loading:
            if one.template is None:
                one.template = self._loaded(state, cancellation)
            return one.template

    @contextmanager
    def _used(self, state: str) -> Iterator[_State]:
        with self._lock:
            one = self._states.setdefault(state, _State())
            self._states.move_to_end(state)
            one.users += 1
        try:
            yield one
        finally:
            with self._lock:
                one.users -= 1
                self._trim()

    def _trim(self) -> None:
        unused = [state for state, one in self._states.items() if not one.users]
        useless = [state for state in unused if not (self._states[state].template or self._states[state].is_begun)]
        loaded = [state for state in unused if state not in useless]
        for state in [*useless, *loaded[: max(0, len(self._states) - len(useless) - self._most)]]:
            if template := self._states.pop(state).template:
                template.close()

    @contextmanager
    def _checkpoint(self, state: str) -> Iterator[Checkpoint]:
        states = self.checkpoints(0)
        with states.held(state) if state else ExitStack():
            checkpoint = states.find(state) if state else self._golden.checkpoint
            if checkpoint is None:
                raise MachineError("it is gone")
            yield checkpoint

    def _loaded(self, state: str, cancellation: Cancellation | None) -> Template:
        golden = self._golden
        with self._checkpoint(state) as checkpoint, run_folder(self._cache) as folder:
            try:
                template = empty_template(checkpoint.disk, golden.definition.memory)
            except OSError as error:
                raise MachineError(f"not enough memory for the machine's state: {error.strerror}") from error
            try:
                with QemuMachine(
                    golden.boot, golden.definition, folder, checkpoint, None, cancellation, fills=template
                ) as machine:
                    machine.save_devices(template)
                template.seal()
            except BaseException:
                template.close()
                raise
            return template
