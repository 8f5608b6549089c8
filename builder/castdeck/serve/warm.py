"""The recorder's process: runs one job after another, on a machine that stays warm in between.

After a job, the machine is restored to the state before the first recorded block, because authors tend to change the
same block again. A newer job replaces the current one after the current block; if that block is not part of the newer
job, at once, and the machine is lost. After IDLE seconds without a job, the process and its machine end.
"""

import os
import signal
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.deck import Block, Deck
from castdeck.errors import CastdeckError
from castdeck.machine.consent import prepared
from castdeck.reading import parse_in
from castdeck.record.blocks import record_session
from castdeck.record.events import (
    BlockBegins,
    BlockEnds,
    BlockStopped,
    CommandBegins,
    Doing,
    Event,
    Shown,
    Work,
    WorkEnds,
)
from castdeck.record.journal import Journal, journal
from castdeck.record.lock import only_recorder
from castdeck.record.order import Order
from castdeck.record.plan import Planned
from castdeck.record.run import recorder_environment
from castdeck.record.session import Applied, Session
from castdeck.record.settings import Settings, settings_of
from castdeck.record.store import Recordings
from castdeck.serve.job import BlockEnded, BlockStarted, JobDone, RecorderEvent, RecordJob, ScreenChanged, StepStarted
from castdeck.serve.output import Output

IDLE = 300.0
LOOK = 0.15  # seconds between looks at the terminal


def take_jobs(pipe: Connection) -> None:
    """The main function of the process: receives jobs from the pipe, and sends events. Ends when the pipe is closed."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    recorder = WarmRecorder(pipe)
    main = threading.get_ident()
    threading.Thread(target=_listen, args=(pipe, recorder, main), daemon=True).start()
    threading.Thread(target=recorder.look_forever, daemon=True).start()
    with suppress(KeyboardInterrupt, BrokenPipeError), recorder_environment(), recorder:
        recorder.run()


def _listen(pipe: Connection, recorder: "WarmRecorder", main: int) -> None:
    with suppress(EOFError, OSError):
        while True:
            recorder.take(pipe.recv())
    signal.pthread_kill(main, signal.SIGINT)


@dataclass
class _Warm:
    """A running machine, with the settings and the work that it is for."""

    settings: Settings
    work: Work
    session: Session
    cancellation: Cancellation


@dataclass
class _Running:
    """What is running: a block, the key of the state after it, its output, and the keys of its session by block."""

    block: str = ""
    key: str = ""
    output: Output | None = None
    keys: dict[str, str] = field(default_factory=dict)


class WarmRecorder:
    """Runs jobs in the thread that calls `run`; `take` and `look_forever` are called from others."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self._news = threading.Condition()
        self._next: RecordJob | None = None
        self._useful: frozenset[str] = frozenset()
        self._due = 0.0
        self._log: Journal | None = None
        self._warm: _Warm | None = None
        self._running = _Running()
        self._failed: set[str] = set()

    def __enter__(self) -> "WarmRecorder":
        return self

    def __exit__(self, *_: object) -> None:
        self._cool()

    def take(self, job: RecordJob) -> None:
        """Accept a job, which replaces the running and the waiting one."""
        useful = _keys(job)
        with self._news:
            self._next, self._useful, self._due = job, useful, time.monotonic() + job.pause
            self._end_what_is_useless()
            self._news.notify_all()

    def run(self) -> None:
        """Run jobs as they arrive, until none has arrived for IDLE seconds."""
        while job := self._wait():
            wanted_next: _RewindTarget | None = None
            try:
                wanted_next = self._record(job)
                self._tell(JobDone(job.number))
            except CastdeckError as error:
                self._tell(JobDone(job.number, error.problem))
            if wanted_next and not self._is_superseded():
                self._rewind(wanted_next)

    def look_forever(self) -> None:
        """Send the terminal's screen whenever it changes."""
        while True:
            time.sleep(LOOK)
            running = self._running
            if running.output and (text := running.output.look()) is not None:
                with suppress(OSError):
                    self._tell(ScreenChanged(running.block, text))

    def _wait(self) -> RecordJob | None:
        with self._news:
            self._news.wait_for(lambda: self._next is not None, IDLE)
            job, self._next = self._next, None
            return job

    def _runs(self, running: _Running) -> None:
        with self._news:
            self._running = running
            self._end_what_is_useless()

    def _end_what_is_useless(self) -> None:
        """Cancel the machine if what it runs is not part of the next job."""
        if self._next and self._warm and self._running.key and self._running.key not in self._useful:
            self._warm.cancellation.cancel()

    def _is_superseded(self) -> bool:
        with self._news:
            return self._next is not None

    def _record(self, job: RecordJob) -> "_RewindTarget | None":
        """Record a job. Returns the state that the machine should be restored to for the next one."""
        deck = _deck_of(job)
        settings = settings_of(deck, job.workspace)
        reach = _reach(deck, job.slide)
        wanted_next: _RewindTarget | None = None
        with (
            only_recorder(
                job.recordings, settings.cache, lambda: self._tell(StepStarted("another castdeck is recording"))
            ) as kept,
            journal(settings.cache, settings.secrets.values()) as self._log,
        ):
            order = Order(deck, kept, settings, force=bool(job.slide), slide=job.slide)
            planned = order.plan()
            order.rename(planned)
            for blocks in planned.sessions:
                wanted = [one for one in blocks if one.is_wanted and one.block.name in reach]
                if not wanted or (job.slide and all(one.block.slide_id != job.slide for one in wanted)):
                    continue
                warm = self._machine_for(settings, Work(job.deck, blocks[0].block.session))
                self._running.keys = {one.block.name: one.key for one in blocks}
                tell = partial(self._hear, settings)
                goes_on = partial(self._goes_on, reach)
                self._failed.clear()
                with _ended_by_a_newer_job(warm):
                    record_session(order, blocks, warm.session, warm.work, tell, goes_on)
                warm.session.trim_states()
                begins = next((one for one in wanted if one.block.name in self._failed), wanted[0])
                wanted_next = _RewindTarget(warm, blocks[: blocks.index(begins)])
                if self._is_superseded():
                    break
        self._log = None
        return wanted_next

    def _goes_on(self, reach: Collection[str], block: Block) -> bool:
        """Wait until the job's pause is over, then return whether the block should still be recorded."""
        with self._news:
            self._news.wait_for(lambda: self._next is not None, max(0.0, self._due - time.monotonic()))
            return self._next is None and block.name in reach

    def _machine_for(self, settings: Settings, work: Work) -> _Warm:
        """The machine that is running if it fits, else a new one."""
        warm = self._warm
        if warm and not warm.cancellation.is_cancelled and (warm.settings, warm.work) == (settings, work):
            return warm
        self._cool()
        ready = prepared(settings.definition, settings.cache, lambda what: self._tell(StepStarted(what)))
        cancellation = Cancellation()
        session = Session(ready, settings, work, partial(self._hear, settings), cancellation)
        with self._news:
            self._warm = _Warm(settings, work, session, cancellation)
        return self._warm

    def _rewind(self, place: "_RewindTarget") -> None:
        """Restore the machine to where the next job will probably begin, unless it is not isolated."""
        if place.warm.settings.definition.risk:
            return
        applied = [Applied(one.block, one.key) for one in place.before]
        keys = {one.block.name: one.key for one in place.before}

        def replays(block: Block, later: Sequence[Block]) -> None:
            self._runs(_Running(block.name, keys[block.name]))

        try:
            with _ended_by_a_newer_job(place.warm):
                place.warm.session.bring_to(applied, replays)
        except CastdeckError:
            self._cool()
        finally:
            self._runs(_Running())

    def _hear(self, settings: Settings, event: Event) -> None:
        """Forward the events that the page shows."""
        if self._log:
            self._log.tell(event)
        match event:
            case Doing():
                self._tell(StepStarted(event.what))
            case BlockBegins():
                keys, block, terminal = self._running.keys, event.block, settings.terminal
                output = None
                if event.replayed:
                    self._tell(StepStarted(f"running {block.name} again"))
                else:
                    size = block.cols or terminal.cols, block.rows or terminal.rows
                    output = Output(*size, settings.secrets.values())
                    self._tell(BlockStarted(block.name))
                self._runs(_Running(block.name, keys.get(block.name, ""), output, keys))
            case Shown():
                if self._running.output:
                    self._running.output.feed(event.data)
            case BlockEnds():
                self._runs(_Running(keys=self._running.keys))
                self._failed |= {event.block.name} if event.failed else set()
                self._tell(BlockEnded(event.block.name, None if self._is_superseded() else event.problem))
            case BlockStopped():
                self._runs(_Running(keys=self._running.keys))
                self._tell(BlockEnded(event.block.name))
            case CommandBegins() | WorkEnds():
                pass

    def _tell(self, told: RecorderEvent) -> None:
        with self._sending:
            self._pipe.send(told)

    def _cool(self) -> None:
        """End the machine, if one is running."""
        warm, self._warm = self._warm, None
        if warm:
            warm.session.forget()


@contextmanager
def _ended_by_a_newer_job(warm: _Warm) -> Iterator[None]:
    """Ignore Cancelled if a newer job cancelled the machine; otherwise it is meant for the process."""
    try:
        yield
    except Cancelled:
        if not warm.cancellation.is_cancelled:
            raise


@dataclass(frozen=True)
class _RewindTarget:
    """A machine, and the blocks whose state it should be restored to."""

    warm: _Warm
    before: Sequence[Planned]


def _keys(job: RecordJob) -> frozenset[str]:
    """The keys of all states that the job's blocks lead to."""
    try:
        deck = _deck_of(job)
        settings = settings_of(deck, job.workspace)
        planned = Order(deck, Recordings(job.recordings), settings).plan()
    except CastdeckError:
        return frozenset()
    return frozenset(one.key for one in planned.blocks)


def _deck_of(job: RecordJob) -> Deck:
    return parse_in(job.workspace, job.deck, job.text.main, job.text.read_file)


def _reach(deck: Deck, slide: str) -> frozenset[str]:
    """The names of the blocks that may be recorded: all, or those up to the end of `slide`."""
    blocks = deck.blocks
    last = max((place for place, block in enumerate(blocks) if block.slide_id == slide), default=-1)
    return frozenset(block.name for block in (blocks[: last + 1] if slide else blocks))
