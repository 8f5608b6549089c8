"""All live terminals of a server: how many there may be, the machines they are cloned from, and when they end."""

import asyncio
import secrets
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.errors import CastdeckError, MachineError
from castdeck.machine.clones import Clones, cloning
from castdeck.machine.consent import prepared
from castdeck.machine.protocol import Definition
from castdeck.record.settings import Settings
from castdeck.terminals.place import Start
from castdeck.terminals.terminal import ENDED, LiveTerminal

MOST = 8
PATIENCE = 60.0  # seconds that a machine is kept for a page that has gone


@dataclass
class Hall:
    """Starts and ends live terminals. `token` is what a page has to know; `most` how many there may be at a time."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    most: int = MOST
    patience: float = PATIENCE
    _terminals: dict[str, LiveTerminal] = field(default_factory=dict)
    _orphans: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    _clones: dict[str, Clones] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _cancellation: Cancellation = field(default_factory=Cancellation)
    _preparing: asyncio.Task[None] | None = None

    @property
    def is_used(self) -> bool:
        """Whether somebody has taken over a terminal."""
        return bool(self._clones)

    def knows(self, token: str) -> bool:
        """Whether it is the token."""
        return secrets.compare_digest(token.encode(), self.token.encode())

    def find(self, id: str, block: str) -> LiveTerminal | None:
        """The running terminal of that name and block."""
        terminal = self._terminals.get(id)
        return terminal if terminal and terminal.block == block and terminal.state != ENDED else None

    def begin(self, block: str, settings: Settings, start: Start, cols: int, rows: int) -> LiveTerminal:
        """A new terminal. Raises MachineError when there are as many as there may be."""
        running = [one for one in self._terminals.values() if one.state != ENDED]
        if len(running) >= self.most:
            raise MachineError(
                f"{len(running)} live terminals are open, and there may be no more", hint="put one of them back"
            )
        self._terminals = {one.id: one for one in running}
        terminal = LiveTerminal(secrets.token_urlsafe(18), block, cols, rows)
        self._terminals[terminal.id] = terminal
        terminal.start(lambda step: self._clones_of(settings, step), settings, start)
        return terminal

    def attach(self, terminal: LiveTerminal, holder: object) -> None:
        """Somebody holds it now; whoever held it before does not any more."""
        if waiting := self._orphans.pop(terminal.id, None):
            waiting.cancel()
        terminal.holder = holder
        terminal.tell()

    def detach(self, terminal: LiveTerminal, holder: object) -> None:
        """Its holder has gone. It ends when nobody comes for it."""
        if terminal.holder is not holder:
            return
        terminal.holder = None
        loop = asyncio.get_running_loop()
        self._orphans[terminal.id] = loop.call_later(self.patience, self._end_orphan, terminal)

    def prepare(self, settings: Settings, states: list[str]) -> None:
        """Have states that are kept loaded, so that terminals start from them at once; in place of others."""
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(asyncio.to_thread(self._prepare, settings, states))

    async def stop(self) -> None:
        """End all machines, and return when they have ended."""
        self._cancellation.cancel()
        terminals = list(self._terminals.values())
        for terminal in terminals:
            terminal.end()
        for waiting in self._orphans.values():
            waiting.cancel()
        for terminal in terminals:
            if terminal.machine:
                await asyncio.to_thread(terminal.machine.join)
        if self._preparing:
            await asyncio.gather(self._preparing, return_exceptions=True)
        self._stack.close()

    def _end_orphan(self, terminal: LiveTerminal) -> None:
        self._orphans.pop(terminal.id, None)
        terminal.end()

    def _clones_of(self, settings: Settings, step: Callable[[str], None]) -> Clones:
        definition: Definition = settings.definition
        with self._lock:
            if definition.identity not in self._clones:
                ready = prepared(definition, settings.cache, step)
                self._clones[definition.identity] = self._stack.enter_context(cloning(ready))
            return self._clones[definition.identity]

    def _prepare(self, settings: Settings, states: list[str]) -> None:
        try:
            clones = self._clones_of(settings, lambda step: None)
            kept = clones.checkpoints(settings.checkpoint_room)
            for state in states:
                self._cancellation.check()
                if kept and (not state or kept.has(state)):
                    clones.prepare(state, self._cancellation)
        except (CastdeckError, Cancelled):
            pass  # the terminal that needs it says why
