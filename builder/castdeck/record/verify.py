"""Replays decks on fresh machines and compares what happens with their recordings. Nothing is recorded."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.cast.cap import capped
from castdeck.cast.marks import RecordedSession
from castdeck.cast.recording import read_recording
from castdeck.codes import Code
from castdeck.deck.model import Block
from castdeck.errors import CastdeckError, MachineError
from castdeck.machine.protocol import Definition, Ready
from castdeck.problems import Place, Problem
from castdeck.record.checks import checks_beside, run_checks
from castdeck.record.drift import OUTPUT, Drift, drifts
from castdeck.record.events import BlockDrifts, BlockEnds, BlockStopped, Doing, Tell, Work, WorkBegins, WorkEnds
from castdeck.record.normalise import Rule
from castdeck.record.order import Order
from castdeck.record.plan import Planned
from castdeck.record.progress import Progress
from castdeck.record.run import Run, recorder_environment
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import masked, without_secrets
from castdeck.record.session import Applied, Session
from castdeck.record.settings import Settings
from castdeck.record.side_by_side import Task, side_by_side

_SOME_PROCESSES = "i=0; while [ $i -lt 60 ]; do (:); i=$((i+1)); done"
_ANOTHER_DAY = "date -s @$(($(date +%s) + 3301020))"  # 38 days, 4 h and 57 min later: another weekday and month
_PROCESSES = "cd /proc && echo [0-9]*"
_MOST_TOLD = 8  # lines of a difference that are told as it is found; the report has all


@dataclass(frozen=True)
class Verified:
    """A block that was replayed, in so many seconds, and where it differs from its recording (nowhere: it is true)."""

    block: Block
    seconds: float
    drifts: tuple[Drift, ...]


def verify_decks(
    orders: Sequence[Order],
    rules: Sequence[Sequence[Rule]],
    ready: Callable[[Definition], Ready],
    jobs: int,
    tell: Tell,
    cancellation: Cancellation,
) -> list[tuple[Verified, ...]]:
    """Replay every block that can be run, each session from the golden machine; `rules` are each deck's own.

    Raises MachineError when there can be no machine, and Cancelled once all machines have ended.
    """
    tasks: list[Task[tuple[Verified, ...]]] = []
    begins: list[WorkBegins] = []
    for number, order in enumerate(orders):
        settings = replace(order.settings, checkpoint_room=0)
        for blocks in order.sessions_to_run(order.plan()):
            work = Work(order.deck.path, blocks[0].block.session)
            machine = ready(settings.definition)
            run = partial(_verify_session, order, blocks, rules[number], settings, machine, work, tell)
            tasks.append(Task(number, run))
            begins.append(WorkBegins(work, len(blocks)))
    found: list[list[Verified]] = [[] for _ in orders]
    for work_begins in begins:
        tell(work_begins)
    with recorder_environment():
        for number, verified in side_by_side(tasks, jobs, cancellation):
            found[number] += verified
    return [tuple(sorted(one, key=lambda verified: verified.block.line)) for one in found]


def _verify_session(
    order: Order,
    blocks: Sequence[Planned],
    rules: Sequence[Rule],
    settings: Settings,
    ready: Ready,
    work: Work,
    tell: Tell,
    cancellation: Cancellation,
) -> tuple[Verified, ...]:
    applied: list[Applied] = []
    found: list[Verified] = []
    checks: list[Verified] = []
    runs: dict[str, Run] = {}
    progress = Progress(work, blocks, blocks)
    with Session(ready, settings, work, tell, cancellation) as session:
        for one in blocks:
            block = one.block
            try:
                session.bring_to(applied, partial(_tell_replay, tell, progress, block))
                tell(progress.begins(block))
                run = session.run(block)
            except Cancelled:
                tell(BlockStopped(work, block))
                raise
            except (CommandFailed, CastdeckError) as failure:
                session.forget()
                found.append(Verified(block, 0.0, (_failed(block, failure, order.settings.secrets),)))
                tell(BlockEnds(work, block, failed=True))
                _tell_drifts(tell, work, found[-1], order)
                if isinstance(failure, MachineError):
                    break
                continue
            applied.append(Applied(block, one.key))
            session.passed(applied[-1], run.seconds)
            different = _compared(one, run, order, rules)
            found.append(Verified(block, run.seconds, different))
            if may_vary(different):
                runs[block.name] = run
            is_failed = bool(different) and block.name not in runs
            tell(BlockEnds(work, block, run.seconds, failed=is_failed))
            if is_failed:
                _tell_drifts(tell, work, found[-1], order)
            if not any(other.block.slide_id == block.slide_id for other in blocks[len(found) :]):
                checks += _checked(order, block, session, work, tell)
    if runs:
        tell(Doing(work, "running it once more, to tell what is different each time"))
        with Session(ready, settings, work, lambda event: None, cancellation) as session:
            found = _looked_at_again(order, blocks, rules, applied, runs, found, session)
        for again in found:
            if again.block.name in runs:
                _tell_drifts(tell, work, again, order)
    tell(WorkEnds(work))
    not_reached = [Verified(one.block, 0.0, (_about(one.block, "it was not reached"),)) for one in blocks[len(found) :]]
    return (*found, *checks, *not_reached)


def _checked(order: Order, last: Block, session: Session, work: Work, tell: Tell) -> list[Verified]:
    """Run the checks of a slide after its last block: one that its own commands don't fulfil would fail everybody."""
    found = []
    for check in checks_beside(order.deck, last):
        outcome = run_checks(session.machine, [check], order.settings.terminal.timeout)
        drift = _about(check, f"the slide's own commands do not fulfil this check: {outcome.hint}")
        found.append(Verified(check, 0.0, () if outcome.is_done else (drift,)))
        if not outcome.is_done:
            _tell_drifts(tell, work, found[-1], order)
    return found


def may_vary(different: Sequence[Drift]) -> bool:
    """Whether a second run can show that nothing has drifted: only what is printed is different."""
    return bool(different) and all(one.kind == OUTPUT for one in different)


def _looked_at_again(
    order: Order,
    blocks: Sequence[Planned],
    rules: Sequence[Rule],
    applied: Sequence[Applied],
    runs: Mapping[str, Run],
    found: Sequence[Verified],
    session: Session,
) -> list[Verified]:
    """Run the blocks in `runs` once more on a fresh machine: what differs between the two runs is no drift.

    Its processes get other numbers, and it is another day there, where the machine is thrown away afterwards and has no
    network that goes by the time. Where the second run fails, the first one's word stands.
    """
    with suppress(CastdeckError):  # told by the first block that is run
        session.bring_to((), lambda block, later: None)
        session.machine.run(_SOME_PROCESSES)
        if not order.settings.definition.risk:
            session.machine.run(_ANOTHER_DAY, as_root=True)
    looked_at = {one.block.name: one for one in found}
    planned = {one.block.name: one for one in blocks}
    for place, one in enumerate(applied):
        name = one.block.name
        if name not in runs:
            continue
        try:
            session.bring_to(applied[:place], lambda block, later: None)
            again = session.run(one.block)
            processes = [int(number) for number in session.machine.run(_PROCESSES).split() if number.isdecimal()]
        except (CommandFailed, CastdeckError):
            break
        session.passed(one, again.seconds)
        different = _compared(planned[name], runs[name], order, rules, again, processes)
        looked_at[name] = replace(looked_at[name], drifts=different)
    return list(looked_at.values())


def _tell_drifts(tell: Tell, work: Work, verified: Verified, order: Order) -> None:
    for one in verified.drifts:
        place = Place(order.deck.file_of(verified.block), one.line)
        diff = "\n  ".join(one.diff[:_MOST_TOLD])
        tell(BlockDrifts(work, verified.block, Problem(Code.DRIFTED, place, f"{one.command}: {one.message}", diff)))


def _tell_replay(tell: Tell, progress: Progress, wanted: Block, block: Block, later: Sequence[Block]) -> None:
    tell(progress.replays(block, later, wanted))


def _failed(block: Block, failure: CommandFailed | CastdeckError, secrets: Mapping[str, str]) -> Drift:
    if isinstance(failure, CastdeckError):
        return replace(_about(block, failure.problem.message), line=failure.problem.line or block.line)
    printed = tuple(without_secrets(line, secrets) for line in failure.last_lines)
    return Drift(failure.line.line, failure.line.text.strip(), failure.reason, printed)


def _compared(
    one: Planned,
    run: Run,
    order: Order,
    rules: Sequence[Rule],
    again: Run | None = None,
    processes: Collection[int] = (),
) -> tuple[Drift, ...]:
    """Where the run differs from the block's recording, also from one that was made on another machine or state.

    Where nothing was ever recorded, only what a console block expects is compared.
    """
    block, settings = one.block, order.settings
    entry, cast = order.recordings.entry(one.kept_as), order.recordings.whole_cast(one.kept_as)
    now = capped(masked(run.session, settings.secrets))
    size = block.cols or settings.terminal.cols, block.rows or settings.terminal.rows
    if entry is None:
        is_recorded_at_all = not order.recordings.is_empty
        return (_about(block, "it has no recording"),) if is_recorded_at_all else drifts(block, now, now, size, rules)
    if entry.own != one.own:
        return (_about(block, "its commands have changed since they were recorded"),)
    if cast is None and not block.hidden:
        return (_about(block, "its cast is missing or damaged"),)
    statuses = [seen.status for seen in entry.commands]
    recorded = read_recording(cast, statuses) if cast else _with_statuses(now, statuses)
    other = capped(masked(again.session, settings.secrets)) if again else None
    return drifts(block, recorded, now, size, rules, other, processes)


def _with_statuses(session: RecordedSession, statuses: Sequence[int]) -> RecordedSession:
    """What stands for the recording of a hidden block, of which only the statuses are kept."""
    pairs = zip(session.commands, statuses, strict=False)
    return replace(session, commands=tuple(replace(command, status=status) for command, status in pairs))


def _about(block: Block, message: str) -> Drift:
    return Drift(block.line, block.lines[0].text.strip(), message)
