"""One live terminal as the server has it: its machine, what it has shown, and who looks at it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from castdeck.machine.protocol import Ready
from castdeck.record.settings import Settings
from castdeck.terminals.machine import LiveMachine
from castdeck.terminals.output import Output
from castdeck.terminals.place import Start

STARTING, RUNNING, ENDED = "starting", "running", "ended"


@dataclass
class LiveTerminal:
    """All of it is used in the event loop's thread. `id` names it to the page that has it, and is secret.

    `state` is one of the words above, `doing` what is done while it starts, `why` why it ended.
    """

    id: str
    block: str
    cols: int
    rows: int
    output: Output = field(default_factory=Output)
    state: str = STARTING
    doing: str = ""
    why: str = ""
    news: set[asyncio.Event] = field(default_factory=set)
    holder: object = None
    machine: LiveMachine | None = None
    _recorded: int = 0  # bytes of the output that are the recording's

    def start(self, ready: Callable[[Callable[[str], None]], Ready], settings: Settings, start: Start) -> None:
        """Have its machine brought to where it starts. What the recording has shown until there is shown at once."""
        loop = asyncio.get_running_loop()

        def told(do: Callable[[], None]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(do)

        self._recorded = len(start.shown)
        self._take(start.shown)
        self.machine = LiveMachine(
            ready,
            settings,
            start,
            (self.cols, self.rows),
            doing=lambda what: told(lambda: self._does(what)),
            shows=lambda data: told(lambda: self._take_live(data)),
            ended=lambda why: told(lambda: self._ends(why)),
        )

    def type(self, data: bytes) -> bool:
        """Type something; False when the machine does not take what was typed before."""
        return self.machine is None or self.state != RUNNING or self.machine.type(data)

    def resize(self, cols: int, rows: int) -> None:
        """Give it a size."""
        self.cols, self.rows = cols, rows
        if self.machine:
            self.machine.resize(cols, rows)

    def shown(self, at: int) -> None:
        """Its holder has shown the output up to there."""
        if self.machine:
            self.machine.shown(min(at, self.output.end) - self._recorded)

    def end(self) -> None:
        """End its machine, soon."""
        if self.machine:
            self.machine.end()

    def _take(self, data: bytes) -> None:
        self.output.add(data, time.monotonic())
        self.tell()

    def _take_live(self, data: bytes) -> None:
        self.state, self.doing = RUNNING, ""
        self._take(data)

    def _does(self, what: str) -> None:
        self.doing = what
        self.tell()

    def _ends(self, why: str) -> None:
        self.state, self.why = ENDED, why
        self.tell()

    def tell(self) -> None:
        """Have all who look at it see what is new."""
        for event in self.news:
            event.set()
