"""The machine behind a live terminal, in a thread of its own: brought to its state, then read and typed into.

QEMU ends with the thread that started it, so the thread lasts as long as the machine.
"""

import os
import select
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.errors import CastdeckError, MachineError
from castdeck.machine.protocol import Machine, Ready
from castdeck.record.events import BlockBegins, Doing, Event, MachineStarts, Work
from castdeck.record.run import hand_over, replay_block
from castdeck.record.script import CommandFailed
from castdeck.record.session import Session
from castdeck.record.settings import Settings
from castdeck.terminals.place import Start

HIGH, LOW = 512 << 10, 128 << 10
"""Bytes of output that nobody has shown yet: the machine is read no further, and again."""
MOST_TYPED = 256 << 10  # bytes that wait to be typed; more are refused
_CHUNK = 64 << 10
T = TypeVar("T")


class LiveMachine:
    """Runs from `start` on until `end` is called, or it ends by itself.

    What happens is told in the machine's thread: `doing` what is done first, `shows` what the terminal shows, and at
    last `ended` why it is over, "" where that was asked for.
    """

    def __init__(
        self,
        ready: Callable[[Callable[[str], None]], Ready],
        settings: Settings,
        start: Start,
        size: tuple[int, int],
        words: Mapping[str, str],
        *,
        doing: Callable[[str], None],
        shows: Callable[[bytes], None],
        ended: Callable[[str], None],
    ) -> None:
        """`ready` has the machine made, and tells what is being done to that end; `words` are some of LIVE_WORDS."""
        self._ready, self._settings, self._start = ready, settings, start
        self._doing, self._shows, self._ended = doing, shows, ended
        self._words = words
        self._cancellation = Cancellation()
        self._size, self._given_size = size, (0, 0)
        self._lock = threading.Lock()
        self._typed = bytearray()
        self._read = self._shown = 0
        self._is_paused = False
        self._running: tuple[Machine, ThreadPoolExecutor] | None = None
        self._wake_end, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._thread = threading.Thread(target=self._run, name="castdeck-live", daemon=True)
        self._thread.start()

    def type(self, data: bytes) -> bool:
        """Type this as soon as the machine takes it; False when too much waits already."""
        with self._lock:
            if len(self._typed) + len(data) > MOST_TYPED:
                return False
            self._typed += data
        self._look()
        return True

    def resize(self, cols: int, rows: int) -> None:
        """Give the terminal a size, soon."""
        self._size = (cols, rows)
        self._look()

    def shown(self, at: int) -> None:
        """Somebody has shown the output up to there: it may be read on."""
        self._shown = max(self._shown, at)
        if self._is_paused:
            self._look()

    def ask(self, question: Callable[[Machine], T]) -> "Future[T]":
        """Have the machine asked something beside its terminal, after what was asked before. Raises MachineError."""
        if self._running is None:
            raise MachineError(self._words["notRunning"])
        machine, chores = self._running
        try:
            return chores.submit(question, machine)
        except RuntimeError as error:
            raise MachineError(self._words["machineEnded"]) from error

    def end(self) -> None:
        """End the machine, soon."""
        self._cancellation.cancel()
        self._look()

    def join(self, timeout: float) -> None:
        """Wait until it has ended, at most so many seconds."""
        self._thread.join(timeout)

    def _look(self) -> None:
        with suppress(BlockingIOError, OSError):  # nobody listens any more
            os.write(self._wake, b"w")

    def _run(self) -> None:
        why = ""
        try:
            self._live()
        except (Cancelled, BrokenPipeError):
            why = "" if self._cancellation.is_cancelled else self._words["machineEnded"]
        except CommandFailed as failure:
            why = f"{failure.line.text}: {failure.reason}"
        except CastdeckError as error:
            why = error.problem.message + (f"; {error.problem.hint}" if error.problem.hint else "")
        except OSError as error:
            why = "" if self._cancellation.is_cancelled else f"{self._words['machineEnded']} ({error.strerror})"
        finally:
            with self._lock:
                os.close(self._wake_end)
                os.close(self._wake)
                self._wake = -1
            self._ended("" if self._cancellation.is_cancelled else why or self._words["machineEnded"])

    def _live(self) -> None:
        work = Work(Path())
        ready = self._ready(self._doing)
        with Session(ready, self._settings, work, self._hear, self._cancellation) as session:
            session.bring_to(
                self._start.before, lambda block, later: self._doing(self._words["runsAgain"].format(block.name))
            )
            machine = session.machine
            if self._start.part:
                self._doing(self._words["runsFirst"].format(self._start.part.name))
                replay_block(machine, self._start.part, self._settings, work, self._hear)
            self._show(hand_over(machine))
            with ThreadPoolExecutor(1, "castdeck-live-chores") as chores:
                self._running = machine, chores
                try:
                    self._pump(machine, chores)
                finally:
                    machine.kill()  # a chore that waits for it fails

    def _hear(self, event: Event) -> None:
        match event:
            case MachineStarts():
                self._doing(self._words["starting"])
            case Doing():
                self._doing(event.what)
            case BlockBegins():
                self._doing(self._words["runs"].format(event.block.name))

    def _show(self, data: bytes) -> None:
        self._read += len(data)
        self._shows(data)

    def _pump(self, machine: Machine, chores: ThreadPoolExecutor) -> None:
        terminal = machine.terminal
        os.set_blocking(terminal, False)
        poll = select.poll()
        poll.register(self._wake_end, select.POLLIN)
        resizing: Future[None] | None = None
        while not self._cancellation.is_cancelled:
            if self._size != self._given_size and (resizing is None or resizing.done()):
                self._given_size = self._size
                resizing = chores.submit(_resize, machine, *self._size)
                resizing.add_done_callback(lambda _: self._look())  # the size may be another by then
            waiting = self._read - self._shown
            self._is_paused = waiting > (LOW if self._is_paused else HIGH)
            wanted = (0 if self._is_paused else select.POLLIN) | (select.POLLOUT if self._typed else 0)
            poll.register(terminal, wanted)
            events = dict(poll.poll())
            if self._wake_end in events:
                os.read(self._wake_end, 4096)
            happened = events.get(terminal, 0)
            if happened & select.POLLOUT:
                self._write(terminal)
            if happened & (select.POLLIN | select.POLLHUP | select.POLLERR) and not self._is_paused:
                data = _read(terminal)
                if data == b"":
                    return
                if data:
                    self._show(data)
            elif happened & (select.POLLHUP | select.POLLERR):
                return

    def _write(self, terminal: int) -> None:
        with self._lock, suppress(BlockingIOError):
            del self._typed[: os.write(terminal, self._typed[:4096])]


def _resize(machine: Machine, cols: int, rows: int) -> None:
    with suppress(MachineError, OSError):
        machine.resize(cols, rows)


def _read(terminal: int) -> bytes | None:
    """What there is; b"" once it is gone, None where there is nothing after all."""
    try:
        return os.read(terminal, _CHUNK)
    except BlockingIOError:
        return None
    except OSError:
        return b""
