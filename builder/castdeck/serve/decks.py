"""The decks that are previewed, and the task that runs each."""

import asyncio
import gc
from collections.abc import Callable
from dataclasses import dataclass, field

from castdeck.errors import WorkspaceError
from castdeck.serve.keys import DeckKeys
from castdeck.serve.live import LiveDeck
from castdeck.suggest import suggest
from castdeck.terminals.hall import Hall
from castdeck.workspace import DeckPlace


@dataclass
class Decks:
    """Previews of decks by name. A deck is read when it is first requested."""

    open: Callable[[str], LiveDeck]
    places: Callable[[], list[DeckPlace]]
    keys: DeckKeys = field(default_factory=DeckKeys)
    hall: Hall = field(default_factory=Hall)
    _running: dict[str, LiveDeck] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def listed(self, name: str) -> LiveDeck:
        """The running preview of a deck that `places` lists. Raises CastdeckError if it lists none of that name."""
        if name not in self._running:
            names = [place.name for place in await asyncio.to_thread(self.places)]
            if name not in names:
                raise WorkspaceError("there is no such deck", hint=suggest(name[:100], names))
        return await self.get(name)

    async def get(self, name: str) -> LiveDeck:
        """The running preview of a deck. Raises CastdeckError if it can't be read."""
        if name not in self._running:
            deck = await asyncio.to_thread(_uncollected, self.open, name)
            if name not in self._running:
                self._running[name] = deck
                self._tasks.append(asyncio.create_task(deck.run()))
        return self._running[name]

    async def stop(self) -> None:
        """End all previews, and all live terminals."""
        await self.hall.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _uncollected(open_deck: Callable[[str], LiveDeck], name: str) -> LiveDeck:
    """Open a deck with garbage collection switched off: scanning all the new objects would double the time."""
    gc.disable()
    try:
        return open_deck(name)
    finally:
        gc.freeze()
        gc.enable()
