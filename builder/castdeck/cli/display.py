"""What is seen while decks are recorded: on a terminal a line for each session that runs, elsewhere a line a block.

Events come from any thread and go into a queue. One thread takes them out and draws; no other touches the display.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from castdeck.cli.console import stderr
from castdeck.problems import plain
from castdeck.record.events import BlockBegins, BlockEnds, BlockStopped, CommandBegins, Doing, Event, Work, WorkEnds

_FRAMES = 8  # a second


@dataclass
class _Row:
    """A session that runs: what it does, since when, and how many seconds its commands should still take."""

    what: str = ""
    command: str = ""
    since: float = field(default_factory=time.monotonic)
    left: float | None = None
    left_since: float = 0.0
    progress: str = ""
    spinner: Spinner = field(default_factory=lambda: Spinner("dots"))


class Display:
    """Shows the events of a recording, in one thread; `done` says what becomes of a block."""

    def __init__(self, console: Console, done: str) -> None:
        self._console, self._done = console, done
        self._rows: dict[Work, _Row] = {}
        self._step: _Row | None = None

    def step(self, doing: str) -> None:
        """Something is done for all sessions: a machine is built."""
        self._finish_step()
        self._step = _Row(what=doing)
        if not self._console.is_terminal:
            self._print(doing, " ...")

    def tell(self, event: Event) -> None:
        """Show what happens."""
        self._finish_step()
        row = self._rows.setdefault(event.work, _Row())
        match event:
            case Doing():
                row.what, row.command, row.since = plain(event.what), "", time.monotonic()
                if not self._console.is_terminal:
                    self._print(f"{_name(event.work)}: {row.what}")
            case BlockBegins():
                row.what = f"running {event.block.name} again" if event.replayed else event.block.name
                row.progress = f"{event.number} of {event.of}"
                row.command, row.since = "", time.monotonic()
                row.left, row.left_since = event.left, row.since
                if not self._console.is_terminal:
                    about = f", about {event.left:.0f} s left" if event.left else ""
                    self._print(f"{_name(event.work)}: {row.what} ({row.progress}{about})")
            case CommandBegins():
                row.command = plain(event.line.text.strip())
            case BlockEnds():
                what, style = ("failed", "red") if event.failed else (self._done, "green")
                self._print(f"{_name(event.work)}: ", Text(what, style), f" {event.block.name}  {_age(row):.1f} s")
            case BlockStopped():
                self._print(f"{_name(event.work)}: ", Text("stopped", "yellow"), f" {event.block.name}")
            case WorkEnds():
                del self._rows[event.work]
            case _:
                pass

    def __rich__(self) -> Table:
        table = Table.grid(padding=(0, 1))
        table.add_column()
        for column in ("what", "progress", "command"):
            table.add_column(column, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        if self._step:
            table.add_row(self._step.spinner, self._step.what, "", "", f"{_age(self._step):.0f} s")
        for work, row in self._rows.items():
            table.add_row(
                row.spinner,
                Text(f"{_name(work)}: {row.what}"),
                Text(row.progress, "dim"),
                Text(row.command, "cyan"),
                Text(f"{_age(row):.0f} s{_left(row)}", "dim"),
            )
        return table

    def finish(self) -> None:
        """Nothing comes any more."""
        self._finish_step()
        self._rows.clear()

    def _finish_step(self) -> None:
        if self._step:
            self._print(f"{self._step.what}  {_age(self._step):.1f} s")
            self._step = None

    def _print(self, *parts: str | Text) -> None:
        self._console.print(Text.assemble("  ", *parts), overflow="ignore", crop=False)


def _age(row: _Row) -> float:
    return time.monotonic() - row.since


def _left(row: _Row) -> str:
    if row.left is None:
        return ""
    left = row.left - (time.monotonic() - row.left_since)
    return f", about {left:.0f} s left" if left > 1 else ""


def _name(work: Work) -> str:
    deck = deck_name(work.deck)
    return f"{deck}/{work.session}" if work.session else deck


def deck_name(path: Path) -> str:
    """How a deck is called in messages."""
    return path.resolve().parent.name if path.name == "deck.md" else path.stem


@dataclass(frozen=True)
class Shows:
    """Where a recording's steps and events go."""

    step: Callable[[str], None]
    tell: Callable[[Event], None]


@contextmanager
def display(quiet: bool, done: str = "recorded") -> Iterator[Shows]:
    """Shows what is done within the block, nothing when `quiet`; `done` says what becomes of a block."""
    if quiet:
        yield Shows(lambda doing: None, lambda event: None)
        return
    queue: SimpleQueue[Event | str | None] = SimpleQueue()
    drawing = Thread(target=_draw, args=(Display(stderr, done), queue), name="castdeck-display")
    drawing.start()
    try:
        yield Shows(queue.put, queue.put)
    finally:
        queue.put(None)
        drawing.join()


def _draw(shown: Display, queue: "SimpleQueue[Event | str | None]") -> None:
    """Draw what comes out of the queue, and the time that passes, until None comes."""
    with (
        Live(shown, console=stderr, transient=True, auto_refresh=False) if stderr.is_terminal else nullcontext() as live
    ):
        drawn = 0.0
        while True:
            try:
                news = queue.get(timeout=1 / _FRAMES if live else None)
                if news is None:
                    break
                if isinstance(news, str):
                    shown.step(news)
                else:
                    shown.tell(news)
            except Empty:
                pass
            if live and time.monotonic() - drawn > 1 / _FRAMES:
                live.refresh()
                drawn = time.monotonic()
        shown.finish()
