"""Records decks: finds stale blocks and replays them, with sessions in parallel."""

from collections.abc import Callable, Sequence
from functools import partial

from castdeck.cancellation import Cancellation
from castdeck.codes import Code
from castdeck.deck.bash import waits_for_more
from castdeck.deck.skip import Reason
from castdeck.machine.protocol import Definition, Ready
from castdeck.problems import Place, Problem
from castdeck.record.blocks import record_session
from castdeck.record.events import Tell, Work, WorkBegins
from castdeck.record.order import Order, Outcome, Report
from castdeck.record.plan import Plan, Planned
from castdeck.record.run import recorder_environment
from castdeck.record.session import Session
from castdeck.record.side_by_side import Task, side_by_side

_REFUSED = 2  # the status of bash for a syntax error


def record_decks(
    orders: Sequence[Order],
    ready: Callable[[Definition], Ready],
    jobs: int,
    tell: Tell,
    cancellation: Cancellation,
) -> list[Report]:
    """Record the stale blocks of the decks, at most `jobs` sessions at a time, each on its own machine.

    `ready` makes a machine ready. Failures are collected in the reports; good casts are kept. Raises MachineError if
    there is no machine, and Cancelled once all machines have ended.
    """
    outcomes: list[list[Outcome]] = [[] for _ in orders]
    plans = [order.plan() for order in orders]
    tasks: list[Task[Outcome]] = []
    begins: list[WorkBegins] = []
    for number, (order, planned) in enumerate(zip(orders, plans, strict=True)):
        order.rename(planned)
        for blocks in order.sessions_to_run(planned):
            if not any(one.is_wanted for one in blocks):
                outcomes[number].append(Outcome(fresh=len(blocks)))
                continue
            work = Work(order.deck.path, blocks[0].block.session)
            machine = ready(order.settings.definition)
            tasks.append(Task(number, partial(_record_session, order, blocks, machine, work, tell)))
            begins.append(WorkBegins(work, sum(one.is_wanted for one in blocks)))
    for work_begins in begins:
        tell(work_begins)
    with recorder_environment():
        for number, outcome in side_by_side(tasks, jobs, cancellation):
            outcomes[number].append(outcome)
    return [report_of(order, planned, found) for order, planned, found in zip(orders, plans, outcomes, strict=True)]


def _record_session(
    order: Order, blocks: Sequence[Planned], ready: Ready, work: Work, tell: Tell, cancellation: Cancellation
) -> Outcome:
    with Session(ready, order.settings, work, tell, cancellation) as session:
        return record_session(order, blocks, session, work, tell)


def report_of(order: Order, planned: Plan, outcomes: Sequence[Outcome]) -> Report:
    """Combine the outcomes of a deck's sessions with the blocks that are not run."""
    problems = [_left_out(order, one) for one in planned.skipped if not one.is_meant]
    problems += [problem for outcome in outcomes for problem in outcome.problems]
    return Report(
        order.deck.path,
        tuple(done for outcome in outcomes for done in outcome.recorded),
        sum(outcome.fresh for outcome in outcomes),
        sum(outcome.not_reached for outcome in outcomes),
        tuple(sorted(problems, key=lambda problem: problem.line or 0)),
        tuple(one.skip for one in planned.skipped if one.skip and not one.block.check and not _is_refused(one)),
    )


def _left_out(order: Order, planned: Planned) -> Problem:
    """Why a block is not run. One that bash would refuse has failed, though nothing of it was run."""
    place = Place(order.deck.file_of(planned.block), planned.block.line)
    hint = planned.skip.hint if planned.skip else ""
    if _is_refused(planned):
        return Problem(Code.RECORDING_FAILED, place, f"exit status {_REFUSED}: {planned.why}", hint)
    return Problem(Code.NOT_RUN, place, f"not run: {planned.why}", hint)


def _is_refused(planned: Planned) -> bool:
    """Whether bash would refuse a line by itself: no part of something longer, but a mistake."""
    skip = planned.skip
    return skip is not None and skip.reason is Reason.REFUSED and not waits_for_more(skip.word)
