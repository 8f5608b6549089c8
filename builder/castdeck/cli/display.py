"""Shows what is done: rows that change on a terminal, lines elsewhere.

What is to be shown goes into a queue, from any thread. One thread takes it out and draws; no other touches the
terminal meanwhile, so nobody waits for it.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread, current_thread, main_thread
from types import FrameType

from rich.text import Text

from castdeck.cli.board import Board
from castdeck.cli.console import printed_through, problem_text
from castdeck.cli.rows import Rows, spinner
from castdeck.cli.tty import has_rows, is_in_foreground, stderr
from castdeck.record.events import BlockEnds, Event

_FRAME = 0.125  # seconds


@dataclass(frozen=True)
class Display:
    """Where steps and events go."""

    step: Callable[[str], None]
    tell: Callable[[Event], None]


@contextmanager
def display(quiet: bool, done: str = "recorded", *, plain: bool = False) -> Iterator[Display]:
    """Shows what is done within the block; `done` says what becomes of a block.

    `quiet` leaves only problems; `plain` tells by lines alone on a terminal too, for people who have it read to them.
    """
    drawing = _Drawing(done, quiet, quiet or plain or not has_rows())
    drawing.start()
    try:
        with printed_through(drawing.print), _paused_by_ctrl_z(drawing):
            yield Display(drawing.step, drawing.tell)
    finally:
        drawing.end()


class _Drawing(Thread):
    """The thread that draws."""

    def __init__(self, done: str, is_quiet: bool, is_plain: bool) -> None:
        super().__init__(name="castdeck-display", daemon=True)
        self._is_quiet, self._is_plain = is_quiet, is_plain
        self._queue: SimpleQueue[Callable[[], Iterable[Text]] | None] = SimpleQueue()
        self._paused = 0.0
        self._board = Board(done, lambda: time.monotonic() - self._paused, is_plain)
        self._rows = Rows(stderr.file, stderr)  # type: ignore[arg-type]
        self._at_terminal = Lock()

    def step(self, doing: str) -> None:
        if self._is_quiet:
            return
        self._queue.put(lambda: self._board.step(doing))

    def tell(self, event: Event) -> None:
        if self._is_quiet:
            if isinstance(event, BlockEnds) and event.problem:
                self.print(problem_text(event.problem))
            return
        self._queue.put(lambda: self._board.tell(event))

    def print(self, text: Text) -> None:
        self._queue.put(lambda: (text,))

    def end(self) -> None:
        self._queue.put(None)
        self.join()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Within the block nothing is drawn, and its time does not count."""
        with self._at_terminal:
            with suppress(OSError):
                self._rows.clear()
            began = time.monotonic()
            yield
            self._paused += time.monotonic() - began

    def run(self) -> None:
        spins = spinner(stderr.file)  # type: ignore[arg-type]
        number, drawn = 0, 0.0
        while True:
            with suppress(Empty):
                news = self._queue.get(timeout=None if self._is_plain else _FRAME)
                if news is None:
                    break
                self._show(news())
            if not self._is_plain and time.monotonic() - drawn >= _FRAME:
                drawn, number = time.monotonic(), number + 1
                self._draw(spins[number % len(spins)])
        self._show(self._board.end())
        with self._at_terminal, suppress(OSError, ValueError):
            self._rows.clear()

    def _show(self, lines: Iterable[Text]) -> None:
        """Print lines. A terminal that is gone, or a full disk, keeps nobody from recording."""
        for line in lines:
            with self._at_terminal, suppress(OSError, ValueError):
                self._rows.print(line)

    def _draw(self, frame: str) -> None:
        with self._at_terminal, suppress(OSError, ValueError):
            rows = self._board.rows(self._rows.width, frame)
            if rows and is_in_foreground(stderr.file):  # type: ignore[arg-type]
                self._rows.draw(rows)
            else:
                self._rows.clear()


@contextmanager
def _paused_by_ctrl_z(drawing: _Drawing) -> Iterator[None]:
    """Within the block Ctrl-Z takes the rows away, and brings back the cursor, before it stops the process."""
    if current_thread() is not main_thread() or sys.platform == "win32":
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        with drawing.paused():
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            signal.signal(number, stop)

    before = signal.getsignal(signal.SIGTSTP)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGTSTP, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)
