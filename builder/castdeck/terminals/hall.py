"""All live terminals of a server: how many there may be, the machines they are cloned from, and when they end."""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.errors import CastdeckError
from castdeck.machine.clones import Clones, cloning
from castdeck.machine.consent import prepared
from castdeck.machine.memory import free_memory
from castdeck.machine.protocol import Definition
from castdeck.record.settings import Settings
from castdeck.render.words import DEFAULT
from castdeck.terminals.place import Start
from castdeck.terminals.terminal import ENDED, LiveTerminal
from castdeck.terminals.wire import Hello
from castdeck.terminals.words import LIVE_WORDS

MOST = 8
PATIENCE = 60.0
LAST_WAIT = 20.0  # seconds for a machine to end
SHARED = 4.0  # seconds after a terminal's first prompt, until its state is loaded for others: its page is at work
LOOK = 15.0  # seconds between two looks for idle ones


def room_for(definition: Definition, wanted: int) -> int:
    """As many live terminals as are wanted and find room in the memory that is free; at least one.

    Clones share what their state holds, so each is reckoned with half of a machine's memory.
    """
    return max(1, min(wanted, free_memory() // max(1, definition.memory << 19)))


@dataclass
class Hall:
    """Starts and ends live terminals. `token` is what a page has to know.

    `most` machines of nobody's and `most_owned` of owners' run at a time.
    `patience` is how many seconds one is kept whose page has gone, `idle` how many one that nobody types into, `total`
    how many any of an owner's is kept. Where use `is_expected`, states are loaded before the first is taken over.
    `words` are those of LIVE_WORDS in the language of its pages.
    """

    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    most: int = MOST
    most_owned: int = 0
    patience: float = PATIENCE
    idle: float = float("inf")
    total: float = float("inf")
    is_expected: bool = False
    words: Mapping[str, str] = field(default_factory=lambda: LIVE_WORDS[DEFAULT])
    _terminals: dict[str, LiveTerminal] = field(default_factory=dict)
    _orphans: dict[str, asyncio.TimerHandle] = field(default_factory=dict)
    _clones: dict[str, Clones] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _cancellation: Cancellation = field(default_factory=Cancellation)
    _preparing: asyncio.Task[None] | None = None
    _waiting: list[tuple[LiveTerminal, Callable[[], None]]] = field(default_factory=list)
    _looking: asyncio.TimerHandle | None = None

    @property
    def is_used(self) -> bool:
        """Whether somebody has taken over a terminal, or is expected to."""
        return self.is_expected or bool(self._clones)

    def knows(self, token: str) -> bool:
        """Whether it is the token."""
        return secrets.compare_digest(token.encode(), self.token.encode())

    def find(self, id: str, block: str, owner: str) -> LiveTerminal | None:
        """The terminal of that name, block and owner, if it has not ended."""
        terminal = self._terminals.get(id)
        if terminal is None or terminal.state == ENDED:
            return None
        return terminal if (terminal.block, terminal.owner) == (block, owner) else None

    def with_key(self, key: str) -> LiveTerminal | None:
        """The terminal whose ports the key opens, if it has not ended."""
        return next((one for one in self.terminals if secrets.compare_digest(one.key.encode(), key.encode())), None)

    @property
    def terminals(self) -> list[LiveTerminal]:
        """Those that have not ended."""
        return [one for one in self._terminals.values() if one.state != ENDED]

    def begin(
        self, hello: Hello, settings: Settings, start: Start, owner: str = "", *, has_check: bool = False
    ) -> LiveTerminal:
        """A new terminal. It waits as long as there are as many machines as there may be.

        An `owner` has one at a time: the one before it is ended.
        """
        for other in self.terminals:
            if owner and other.owner == owner:
                other.end()
        self._terminals = {one.id: one for one in self.terminals}
        terminal = LiveTerminal(
            secrets.token_urlsafe(18),
            hello.block,
            hello.cols,
            hello.rows,
            owner,
            has_check,
            self._begin_waiting,
            lambda: asyncio.get_running_loop().call_later(SHARED, self.prepare, settings, [start.key]),
            self.words,
        )
        self._terminals[terminal.id] = terminal
        self._waiting.append(
            (terminal, lambda: terminal.start(lambda step: self._clones_of(settings, step), settings, start))
        )
        self._begin_waiting()
        return terminal

    def _begin_waiting(self) -> None:
        """Begin those that have waited longest, and tell the others their places."""
        waiting, self._waiting = self._waiting, []
        for terminal, start in waiting:
            if terminal.state == ENDED:
                continue
            most = self.most_owned if terminal.owner else self.most
            if self._running(terminal) < most:
                start()
                continue
            self._waiting.append((terminal, start))
            place = sum(bool(one.owner) == bool(terminal.owner) for one, _ in self._waiting)
            terminal.does(self.words["queue"].format(most, place))

    def _running(self, like: LiveTerminal) -> int:
        """How many machines run, of those with an owner or of those without."""
        return sum(one.machine is not None and bool(one.owner) == bool(like.owner) for one in self.terminals)

    def end_idle(self) -> None:
        """End those that nobody has typed into for too long, or that are too old; look again in a while."""
        now = time.monotonic()
        for terminal in self.terminals:
            if now - terminal.typed > self.idle:
                terminal.end(self.words["idle"])
            elif terminal.owner and now - terminal.began > self.total:
                terminal.end(self.words["overtime"])
        self._looking = asyncio.get_running_loop().call_later(LOOK, self.end_idle)

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
        if not self._cancellation.is_cancelled and (self._preparing is None or self._preparing.done()):
            self._preparing = asyncio.create_task(asyncio.to_thread(self._prepare, settings, states))

    async def stop(self) -> None:
        """End all machines, and return when they have ended."""
        self._cancellation.cancel()
        if self._looking:
            self._looking.cancel()
        terminals, self._waiting = list(self._terminals.values()), []
        for terminal in terminals:
            terminal.end()
        for waiting in self._orphans.values():
            waiting.cancel()
        for terminal in terminals:
            if terminal.machine:
                await asyncio.to_thread(terminal.machine.join, LAST_WAIT)
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
