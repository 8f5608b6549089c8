"""Records decks: finds what is stale, replays it, session beside session, and keeps what came of it.

The chain of keys goes over the blocks that really ran: a block that failed leaves the machine as it was before it, and
once it is mended, all that follows it is recorded again.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from castdeck.cast.cap import capped
from castdeck.cast.marks import MARK
from castdeck.cast.model import Cast
from castdeck.cast.recording import label, recording
from castdeck.deck.model import Block, Deck
from castdeck.errors import Problem, RecordingError
from castdeck.machine.definition import MachineDefinition
from castdeck.machine.golden import Golden
from castdeck.record.drift import lines_of
from castdeck.record.events import BlockBegins, BlockEnds, Tell, Work
from castdeck.record.key import first_key
from castdeck.record.plan import ASKED, RENAMED, Plan, Planned, plan, planned_block
from castdeck.record.run import Run, recorder_environment
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import masked, what_leaks
from castdeck.record.session import Applied, Session
from castdeck.record.settings import Settings
from castdeck.record.side_by_side import Task, side_by_side
from castdeck.record.store import Entry, Recordings, Seen
from castdeck.record.tools import tool_versions

_SHARE = 0.1  # of the time that commands took: what keeping a state may cost
_SHARE_NEAR_END = 0.5  # where authors add and change most
_LEAK = "take it out of the output, or mark the block .shows-secrets if it opens nothing"


@dataclass(frozen=True)
class Order:
    """A deck to record: what with, where to, and what to do again although it is fresh."""

    deck: Deck
    recordings: Recordings
    settings: Settings
    force: bool = False
    slide: str = ""

    def plan(self) -> Plan:
        """What has to be recorded."""
        return plan(self.deck, self.recordings, self.settings, self.force, self.slide)


@dataclass(frozen=True)
class Recorded:
    """A block that was recorded now: seconds of the whole recording, and of its commands alone."""

    block: Block
    seconds: float
    command_seconds: float


@dataclass(frozen=True)
class Report:
    """What recording a deck came to. `problems` holds the failures (errors) and what was skipped (warnings)."""

    deck: Path
    recorded: tuple[Recorded, ...]
    fresh: int
    problems: tuple[Problem, ...]


def record_decks(
    orders: Sequence[Order], ready: Callable[[MachineDefinition], Golden], jobs: int, tell: Tell
) -> list[Report]:
    """Record what is not fresh in the decks, at most `jobs` sessions at a time, each on a machine of its own.

    `ready` gives a machine's golden snapshot. Failures are collected in the reports, and every good cast stays. Raises
    MachineError when there can be no machine. When it is interrupted, the machines are ended first.
    """
    outcomes: list[list[_Outcome]] = [[] for _ in orders]
    plans = [order.plan() for order in orders]
    tasks: list[Task[_Outcome]] = []
    for number, (order, planned) in enumerate(zip(orders, plans, strict=True)):
        order.recordings.rename({one.block.name: one.kept_as for one in planned.blocks if one.state == RENAMED})
        for blocks in planned.sessions:
            if not any(one.is_wanted for one in blocks):
                outcomes[number].append(_Outcome(fresh=len(blocks)))
                continue
            work = Work(order.deck.path, blocks[0].block.session)
            session = Session(ready(order.settings.definition), order.settings, work, tell)
            run = partial(_record_session, order, blocks, session, work, tell)
            tasks.append(Task(number, run, session.stop))
    with recorder_environment():
        for number, outcome in side_by_side(tasks, jobs):
            outcomes[number].append(outcome)
    return [_report(order, planned, found) for order, planned, found in zip(orders, plans, outcomes, strict=True)]


@dataclass(frozen=True)
class _Outcome:
    recorded: tuple[Recorded, ...] = ()
    fresh: int = 0
    problems: tuple[Problem, ...] = ()


def _record_session(order: Order, blocks: Sequence[Planned], session: Session, work: Work, tell: Tell) -> _Outcome:
    """Record the blocks of one session in order; those that fail are left out of what follows them."""
    state, applied = first_key(order.settings.machine), list[Applied]()
    recorded: list[Recorded] = []
    problems: list[Problem] = []
    wanted = [one for one in blocks if one.is_wanted]
    with session:
        for one in blocks:
            block = one.block
            now = planned_block(block, state, order.recordings, order.settings, force=one.why == ASKED)
            if not now.is_wanted:
                state, applied = now.key, [*applied, Applied(block, now.key)]
                continue
            number = wanted.index(one) + 1 if one in wanted else len(wanted)
            left = _seconds_left(wanted[number - 1 :])
            begins = partial(BlockBegins, work, number=number, of=len(wanted), left=left)
            replays = partial(_tell_replay, tell, begins)
            try:
                _check_secrets(block, order.settings)
                tell(begins(block=block))
                run = session.run(block, applied, replays)
                cast = _cast_of(run, block, order.settings)
                order.recordings.keep(block.name, _entry(now, order.settings, run), None if block.hidden else cast)
            except (CommandFailed, RecordingError) as failure:
                session.forget()
                problem = _problem(failure, order.deck.file_of(block))
                problems.append(problem)
                tell(BlockEnds(work, block, failed=True, why=str(problem)))
                if isinstance(failure, RecordingError):
                    break
                continue
            seconds = sum(command.seconds for command in run.session.commands)
            recorded.append(Recorded(block, run.seconds, seconds))
            tell(BlockEnds(work, block, run.seconds, seconds))
            state, applied = now.key, [*applied, Applied(block, now.key)]
            session.passed(applied[-1], run.seconds)
            session.keep_state(_SHARE_NEAR_END if number >= len(wanted) - 1 else _SHARE)
    fresh = len(applied) - len(recorded)
    return _Outcome(tuple(recorded), fresh, tuple(problems))


def _tell_replay(tell: Tell, begins: Callable[..., BlockBegins], block: Block) -> None:
    tell(begins(block=block, replayed=True))


def _seconds_left(blocks: Sequence[Planned]) -> float | None:
    known = [one.seconds for one in blocks if one.seconds is not None]
    return sum(known) if len(known) == len(blocks) else None


def _report(order: Order, planned: Plan, outcomes: Sequence[_Outcome]) -> Report:
    problems = [
        Problem(f"not run: {one.why}", order.deck.file_of(one.block), one.block.line) for one in planned.skipped
    ]
    problems += [problem for outcome in outcomes for problem in outcome.problems]
    return Report(
        order.deck.path,
        tuple(done for outcome in outcomes for done in outcome.recorded),
        sum(outcome.fresh for outcome in outcomes),
        tuple(sorted(problems, key=lambda problem: problem.line or 0)),
    )


def _check_secrets(block: Block, settings: Settings) -> None:
    """Raises CommandFailed for a block that uses a secret whose value nobody gave."""
    for line in block.lines:
        for name in settings.missing_secrets:
            if re.search(rf"\$\{{?{name}\b", line.text):
                hint = "give it in the environment, or in a .env file beside castdeck.toml"
                raise CommandFailed(line, f"the secret {name} has no value", hint=hint)


def _cast_of(run: Run, block: Block, settings: Settings) -> Cast:
    """The recording that is kept. Raises CommandFailed for one that would tell a secret."""
    session = masked(run.session, settings.secrets)
    for (line, *_), command in zip(lines_of(block, session), session.commands, strict=True):
        leak = what_leaks(command, settings.secrets, with_shapes=not block.shows_secrets)
        if leak:
            raise CommandFailed(line, f"not kept: the recording would show {leak}", hint=_LEAK)
    cast = recording(capped(session), block.cols or settings.terminal.cols, block.rows or settings.terminal.rows)
    if not cast.markers or MARK.search("".join(event.data for event in cast.events)):
        raise RecordingError("a cast without commands, or with marks left in it", line=block.line, hint="record again")
    return cast


def _entry(planned: Planned, settings: Settings, run: Run) -> Entry:
    seen = tuple(Seen(label(command), command.status, round(command.seconds, 3)) for command in run.session.commands)
    return Entry(planned.key, planned.own, settings.machine, tool_versions(), seen)


def _problem(failure: CommandFailed | RecordingError, path: Path) -> Problem:
    if isinstance(failure, RecordingError):
        return replace(failure.problem, path=failure.problem.path or path)
    shown = "\n".join(f"    {line}" for line in failure.last_lines)
    hints = ([f"its last lines:\n{shown}"] if shown else []) + ([failure.hint] if failure.hint else [])
    return Problem(
        f"{failure.line.text.strip()}: {failure.reason}", path, failure.line.line, "\n  ".join(hints), is_error=True
    )
