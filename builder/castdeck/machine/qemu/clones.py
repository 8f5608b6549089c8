"""Starts machines by cloning: a state is loaded once, and all machines that start from it share its memory.

A state that is asked for the first time is read from its checkpoint into a template (template.py), from which that
machine and all later ones start. The templates that were used least recently are let go of.
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
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.machine.qemu.template import Template, empty_template
from castdeck.machine.run_folders import run_folder

KEPT = 3  # templates; each takes as much of this computer's memory as its guest has ever used


class Streamed(Protocol):
    """The same machine without cloning."""

    @property
    def summary(self) -> str:
        """What it is."""

    def started(self, state: str, cancellation: Cancellation | None) -> AbstractContextManager[QemuMachine]:
        """One in that state."""


@dataclass
class _State:
    loading: threading.Lock = field(default_factory=threading.Lock)
    template: Template | None = None
    users: int = 0


class QemuClones:
    """A golden snapshot and its checkpoints, to be started by cloning. To be closed; for any number of threads."""

    def __init__(self, ready: Streamed, golden: Golden, cache: Path) -> None:
        self._ready, self._golden, self._cache = ready, golden, cache
        self._states: OrderedDict[str, _State] = OrderedDict()
        self._lock = threading.Lock()
        self._most = KEPT

    @property
    def summary(self) -> str:
        """That of the machine which is cloned."""
        return self._ready.summary

    def checkpoints(self, room: int) -> QemuCheckpoints:
        """The same as without cloning."""
        return QemuCheckpoints(self._golden, self._cache, room)

    @contextmanager
    def started(self, state: str = "", cancellation: Cancellation | None = None) -> Iterator[QemuMachine]:
        """A machine in that state ("": the golden one); where it can't be cloned, with memory of its own."""
        with ExitStack() as stack:
            try:
                with self._template(state, cancellation) as template:
                    machine = stack.enter_context(started(self._golden, self._cache, template, cancellation))
            except MachineError:
                if cancellation:
                    cancellation.check()
                machine = stack.enter_context(self._ready.started(state, cancellation))
            yield machine

    def prepare(self, state: str = "", cancellation: Cancellation | None = None) -> None:
        """Have a state loaded, so that machines start from it at once. Raises MachineError."""
        with self._template(state, cancellation):
            pass

    def close(self) -> None:
        """Let go of all states. Machines that run keep what they need."""
        with self._lock:
            self._most = 0
            self._trim()

    @contextmanager
    def _template(self, state: str, cancellation: Cancellation | None) -> Iterator[Template]:
        with self._lock:
            one = self._states.setdefault(state, _State())
            self._states.move_to_end(state)
            one.users += 1
        try:
            with one.loading:
                if one.template is None:
                    one.template = self._loaded(state, cancellation)
            yield one.template
        finally:
            with self._lock:
                one.users -= 1
                self._trim()

    def _trim(self) -> None:
        unused = [state for state, one in self._states.items() if not one.users]
        useless = [state for state in unused if self._states[state].template is None]
        loaded = [state for state in unused if state not in useless]
        for state in [*useless, *loaded[: max(0, len(self._states) - len(useless) - self._most)]]:
            if template := self._states.pop(state).template:
                template.close()

    def _loaded(self, state: str, cancellation: Cancellation | None) -> Template:
        states, golden = self.checkpoints(0), self._golden
        with states.held(state) if state else ExitStack(), run_folder(self._cache) as folder:
            checkpoint = states.find(state) if state else golden.checkpoint
            if checkpoint is None:
                raise MachineError("it is gone")
            try:
                template = empty_template(checkpoint.disk, golden.definition.memory)
            except OSError as error:
                raise MachineError(f"there is no memory for the machine's state: {error.strerror}") from error
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
