"""One live terminal as the server has it: its machine, what it has shown, and who looks at it."""

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from castdeck.machine.protocol import Ready
from castdeck.marks import ACCEPTED, READY
from castdeck.record.settings import Settings
from castdeck.render.words import DEFAULT
from castdeck.terminals.machine import LiveMachine
from castdeck.terminals.output import Output
from castdeck.terminals.place import Start
from castdeck.terminals.words import LIVE_WORDS

_STATUS = re.compile(rb"\x1b\]133;D;(\d{1,3});")
_MARKED = 4096  # bytes in which the last mark is looked for
STARTING, RUNNING, ENDED = "starting", "running", "ended"


@dataclass(frozen=True)
class ShellState:
    """Whether the shell runs a command, and the status of the last one that has ended; as its marks say."""

    is_busy: bool = False
    status: int | None = None

    def after(self, shown: bytes) -> "ShellState":
        """The state after the terminal has shown something more."""
        status = next((int(one[1]) for one in reversed(list(_STATUS.finditer(shown[-_MARKED:])))), self.status)
        entered, asked = shown.rfind(ACCEPTED.encode()), shown.rfind(READY.encode())
        return ShellState(self.is_busy if entered == asked else entered > asked, status)


@dataclass
class LiveTerminal:
    """All of it is used in the event loop's thread. `id` names it to the page that has it, and is secret.

    `state` is one of the words above, `doing` what is done while it starts, `why` why it ended. `owner` is whose it is,
    where that counts; `typed` when somebody typed last, `began` when it was asked for. `key` opens the machine's
    `ports` to its pages (proxy.py), of which so many `requests` wait. `has_check`: its slide tells whether something is
    done. `runs` is called when it begins to run, `ended` when it has ended. It says `words`.
    """

    id: str
    block: str
    cols: int
    rows: int
    owner: str = ""
    has_check: bool = False
    ended: Callable[[], object] = bool
    runs: Callable[[], object] = bool
    words: Mapping[str, str] = field(default_factory=lambda: LIVE_WORDS[DEFAULT])
    output: Output = field(default_factory=Output)
    state: str = STARTING
    doing: str = ""
    why: str = ""
    news: set[asyncio.Event] = field(default_factory=set)
    holder: object = None
    machine: LiveMachine | None = None
    typed: float = field(default_factory=time.monotonic)
    began: float = field(default_factory=time.monotonic)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    ports: tuple[int, ...] = ()
    requests: int = 0
    shell: ShellState = field(default_factory=ShellState)
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
            self.words,
            doing=lambda what: told(lambda: self.does(what)),
            shows=lambda data: told(lambda: self._take_live(data)),
            ended=lambda why: told(lambda: self._ends(why)),
        )

    def type(self, data: bytes) -> bool:
        """Type something; False when the machine does not take what was typed before."""
        self.typed = time.monotonic()
        return self.machine is None or self.state != RUNNING or self.machine.type(data)

    def resize(self, cols: int, rows: int) -> None:
        """Give it a size."""
        self.cols, self.rows = cols, rows
        self.tell()
        if self.machine:
            self.machine.resize(cols, rows)

    def shown(self, at: int) -> None:
        """Its holder has shown the output up to there."""
        if self.machine:
            self.machine.shown(min(at, self.output.end) - self._recorded)

    def end(self, why: str = "") -> None:
        """End its machine, soon."""
        self.why = why or self.why
        if self.machine:
            self.machine.end()
        elif self.state != ENDED:
            self._ends("")

    def does(self, what: str) -> None:
        """Tell what is done before it runs."""
        self.doing = what
        self.tell()

    def _take(self, data: bytes) -> None:
        self.output.add(data, time.monotonic())
        self.tell()

    def _take_live(self, data: bytes) -> None:
        is_first = self.state != RUNNING
        self.state, self.doing = RUNNING, ""
        self.shell = self.shell.after(data)
        self._take(data)
        if is_first:
            self.runs()

    def _ends(self, why: str) -> None:
        self.state, self.why = ENDED, why or self.why
        self.tell()
        self.ended()

    def tell(self) -> None:
        """Have all who look at it see what is new."""
        for event in self.news:
            event.set()
