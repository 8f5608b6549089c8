"""Records a deck: walks its blocks in order, keeps what is still true, runs the rest on one machine.

The chain of keys goes over the blocks that really ran: a block that failed leaves the machine as it was before it, and
once it is mended, all that follows it is recorded again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from castdeck.cast.marks import MARK
from castdeck.cast.model import Cast
from castdeck.cast.perform import Pace, perform
from castdeck.deck.model import Block, Deck
from castdeck.errors import CastdeckError, Problem
from castdeck.machine.definition import MachineDefinition
from castdeck.machine.golden import Golden, machine_key
from castdeck.record.key import first_key, next_key
from castdeck.record.script import CommandFailed
from castdeck.record.session import Run, Session, Terminal
from castdeck.record.store import Entry, Recordings, Seen


@dataclass(frozen=True)
class Recorded:
    """A block that was recorded now: seconds of the whole recording, and of its commands alone."""

    block: Block
    seconds: float
    command_seconds: float


@dataclass(frozen=True)
class Report:
    """What a recording came to. `problems` holds the failures (errors) and what was skipped (warnings)."""

    recorded: tuple[Recorded, ...]
    fresh: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Order:
    """What to record with: the machine's definition, how to have it ready, the terminal, and what to do again."""

    definition: MachineDefinition
    golden: Callable[[], Golden]
    cache: Path
    terminal: Terminal
    force: bool = False
    only_slide: str = ""


def record_deck(deck: Deck, recordings: Recordings, order: Order, tell: Callable[[Block, str], None]) -> Report:
    """Record every runnable block of `deck` that has no valid cast; `tell` hears of each block as it begins.

    Failures are collected in the report, and every good cast stays. Raises MachineError when there can be no machine.
    """
    identity = f"{order.definition.name}-{machine_key(order.definition)}"
    key = first_key(identity)
    applied: list[Block] = []
    recorded: list[Recorded] = []
    problems: list[Problem] = []
    fresh = 0
    with Session(order.golden, order.cache, order.terminal) as session:
        for block in deck.blocks:
            if reason := why_not_run(block):
                problems.append(Problem(f"not run: {reason}", deck.path, block.line))
                continue
            following = next_key(key, block, order.terminal.cols, order.terminal.rows)
            again = order.force and order.only_slide in ("", block.slide_id)
            if not again and recordings.is_fresh(block.name, following, block.hidden):
                fresh += 1
            else:
                tell(block, "recording")
                try:
                    run = session.run(block, applied)
                    cast = None if block.hidden else _performed(run, block, order.terminal)
                    recordings.keep(block.name, _entry(following, identity, run), cast)
                except CommandFailed as failure:
                    problems.append(_problem(failure, deck.path))
                    continue
                except CastdeckError as error:
                    if error.problem.line is None:
                        raise
                    problems.append(
                        Problem(error.problem.message, deck.path, error.problem.line, error.problem.hint, True)
                    )
                    continue
                seconds = sum(command.seconds for command in run.session.commands)
                recorded.append(Recorded(block, run.seconds, seconds))
            applied.append(block)
            key = following
    return Report(tuple(recorded), fresh, tuple(problems))


def why_not_run(block: Block) -> str:
    """Why a block is never run on this machine, or "" when it is."""
    if block.skip:
        return block.skip
    if block.needs_internet:
        return "it needs the internet, and the machine has none"
    return "" if block.lines else "it is empty"


def _performed(run: Run, block: Block, terminal: Terminal) -> Cast:
    pace = Pace() if block.idle is None else Pace(idle=block.idle)
    cast = perform(
        run.session,
        block.cols or terminal.cols,
        block.rows or terminal.rows,
        seed=block.name,
        pace=pace,
        title=block.name,
    )
    shown = "".join(event.data for event in cast.events)
    if not cast.markers or MARK.search(shown):
        raise AssertionError("a cast without commands, or with marks left in it")
    return cast


def _entry(key: str, machine: str, run: Run) -> Entry:
    commands = run.session.commands
    seen = tuple(
        Seen(command.typed[0].split("\r")[0], command.status, round(command.seconds, 3)) for command in commands
    )
    return Entry(key, machine, seen)


def _problem(failure: CommandFailed, path: Path) -> Problem:
    shown = "\n".join(f"    {line}" for line in failure.last_lines)
    hint = f"its last lines:\n{shown}" if shown else ""
    return Problem(f"{failure.line.text.strip()}: {failure.reason}", path, failure.line.line, hint, is_error=True)
