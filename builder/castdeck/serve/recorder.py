"""Which recordings are stale, and recording them in the background, where nothing of it delays the preview.

A recording runs in a process of its own, so that it can be ended like one that is interrupted by Ctrl-C: its machine is
stopped, and every cast that was good is kept.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from castdeck.deck import Block, Deck, parse_deck
from castdeck.errors import CastdeckError, Problem, WorkspaceError
from castdeck.machine.definition import DEFAULT_MACHINE, MachineDefinition, find_definition
from castdeck.machine.golden import machine_key, ready_machine
from castdeck.record.deck import Order, record_deck, why_not_run
from castdeck.record.key import first_key, next_key
from castdeck.record.session import Terminal
from castdeck.record.store import Recordings
from castdeck.serve.view import version
from castdeck.workspace import DEFAULT_COLS, DEFAULT_ROWS, DEFAULT_TIMEOUT, Workspace, cache_folder, find_workspace


@dataclass(frozen=True)
class Job:
    """What to record: a deck's text, the slide whose blocks are recorded even if they are fresh ("": none)."""

    text: str
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
    workspace = find_workspace(deck.path.parent)
    definition, terminal = _definition(deck, workspace), _terminal(workspace)
    store = Recordings(recordings)
    key = first_key(f"{definition.name}-{machine_key(definition)}")
    wanted: list[str] = []
    for block in deck.blocks:
        if why_not_run(block):
            continue
        key = next_key(key, block, terminal.cols, terminal.rows)
        if not store.is_fresh(block.name, key, block.hidden):
            wanted.append(block.name)
    return Wanting(tuple(wanted), tuple(name for name in wanted if store.cast(name)))


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
        deck = parse_deck(job.text, job.deck)
        report = record_deck(deck, Recordings(job.recordings), _order(deck, job, events), _teller(events))
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


def _teller(events: Connection) -> Callable[[Block, str], None]:
    return lambda block, doing: events.send(Step(block.name))


def _order(deck: Deck, job: Job, events: Connection) -> Order:
    workspace = find_workspace(deck.path.parent)
    definition = _definition(deck, workspace)
    return Order(
        definition=definition,
        golden=lambda: ready_machine(definition, cache_folder(), lambda doing: events.send(Step("", doing))),
        cache=cache_folder(),
        terminal=_terminal(workspace),
        force=bool(job.slide),
        only_slide=job.slide,
    )


def _definition(deck: Deck, workspace: Workspace) -> MachineDefinition:
    name = deck.settings.get("machine") or workspace.settings.get("default_machine") or DEFAULT_MACHINE
    return find_definition(str(name), workspace.machines)


def _terminal(workspace: Workspace) -> Terminal:
    table: Any = workspace.settings.get("terminal", {})
    timeout: Any = workspace.settings.get("timeout", DEFAULT_TIMEOUT)
    try:
        return Terminal(int(table.get("cols", DEFAULT_COLS)), int(table.get("rows", DEFAULT_ROWS)), float(timeout))
    except (TypeError, ValueError, AttributeError) as error:
        raise WorkspaceError("castdeck.toml: [terminal] takes cols and rows, timeout takes seconds") from error
