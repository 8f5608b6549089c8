"""Which recordings are stale, and recording them in the background, where nothing of it delays the preview.

A recording runs in a process of its own, so that it can be ended like one that is interrupted by Ctrl-C: its machine is
stopped, and every cast that was good is kept.
"""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from castdeck.deck import Deck, parse_deck
from castdeck.deck.text import DeckText
from castdeck.errors import CastdeckError, Problem
from castdeck.machine.consent import prepared
from castdeck.machine.protocol import Definition, Ready
from castdeck.record.deck import record_decks
from castdeck.record.events import BlockBegins, Event
from castdeck.record.jobs import most_jobs
from castdeck.record.lock import only_recorder
from castdeck.record.order import Order
from castdeck.record.plan import STALE, plan
from castdeck.record.settings import Settings, settings_of
from castdeck.record.store import Recordings
from castdeck.serve.view import version
from castdeck.workspace import cache_folder, find_workspace


@dataclass(frozen=True)
class Job:
    """What to record: a deck's text, the slide whose blocks are recorded even if they are fresh ("": none)."""

    text: DeckText
    deck: Path
    recordings: Path
    slide: str = ""


@dataclass(frozen=True)
class Step:
    """A block's recording begins; `doing` says what, where it is not yet the block's turn."""

    block: str
    doing: str = ""


@dataclass(frozen=True)
class Done:
    """A job is over; what went wrong, with the name of its block ("": of none)."""

    problems: tuple[tuple[str, Problem], ...]


@dataclass(frozen=True)
class Wanting:
    """The names of the blocks that have to be recorded, and of those among them that have a cast, a stale one."""

    blocks: tuple[str, ...]
    stale: tuple[str, ...]


def wanting(deck: Deck, recordings: Path) -> Wanting:
    """What has to be recorded. Raises CastdeckError for wrong settings, or an index that is none."""
    store = Recordings(recordings)
    wanted = [one for one in plan(deck, store, _settings(deck)).blocks if one.is_wanted]
    return Wanting(
        tuple(one.block.name for one in wanted), tuple(one.block.name for one in wanted if one.state == STALE)
    )


def commands(deck: Deck) -> str:
    """A text that changes with all that a recording of the deck depends on: it is useless then."""
    blocks = [
        (block.name, [line.text for line in block.lines], block.exit_status, block.skip, block.cols, block.rows)
        for block in deck.blocks
    ]
    return version(repr((blocks, deck.settings.get("machine"))))


class Recording:
    """A job that runs; `poll` gives what has happened since. To be ended with `stop`."""

    def __init__(self, job: Job) -> None:
        context = get_context("spawn")
        self._events, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_run, args=(job, theirs))
        self._process.start()
        theirs.close()

    def next(self) -> Step | Done:
        """Wait for what happens next. For a thread that may wait."""
        try:
            event = self._events.recv()
        except (EOFError, OSError):
            return Done(())
        assert isinstance(event, Step | Done)
        return event

    def stop(self) -> None:
        """End it as Ctrl-C would, and wait until its machine is gone."""
        if self._process.is_alive() and self._process.pid:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)
        self._process.join()
        self._events.close()


def _run(job: Job, events: Connection) -> None:
    os.setsid()
    try:
        deck = parse_deck(job.text.main, job.deck, job.text.read_file)
        settings = _settings(deck)
        with only_recorder(job.recordings, settings.cache, lambda: events.send(Step("", "waiting"))) as recordings:
            order = Order(deck, recordings, settings, force=bool(job.slide), slide=job.slide)
            (report,) = record_decks([order], partial(_ready, events), most_jobs([settings]), partial(_tell, events))
        problems = tuple((_block_at(deck, problem.line), problem) for problem in report.problems if problem.is_error)
        events.send(Done(problems))
    except CastdeckError as error:
        events.send(Done((("", error.problem),)))
    except (KeyboardInterrupt, BrokenPipeError):
        return


def _block_at(deck: Deck, line: int | None) -> str:
    """The name of the block that the line is in."""
    before = [block.name for block in deck.blocks if line is not None and block.line <= line]
    return before[-1] if before else ""


def _ready(events: Connection, definition: Definition) -> Ready:
    return prepared(definition, cache_folder(), lambda doing: events.send(Step("", doing)))


def _tell(events: Connection, event: Event) -> None:
    if isinstance(event, BlockBegins):
        events.send(Step(event.block.name))


def _settings(deck: Deck) -> Settings:
    return settings_of(deck, find_workspace(deck.path.parent))
