"""Records and verifies decks on a cluster: the jobs that go out, and what is kept of the answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from castdeck import atomic
from castdeck.cancellation import Cancellation
from castdeck.codes import Code
from castdeck.errors import CastdeckError
from castdeck.farm.cluster import Cluster, ClusterTask, Result
from castdeck.farm.job import Answer, Verb, job_of, read_answer
from castdeck.farm.merge import take_recordings
from castdeck.farm.progress import read_event
from castdeck.farm.sessions import PlannedSession, planned_sessions
from castdeck.leftovers import temporary_folder
from castdeck.problems import Place, Problem
from castdeck.record.deck import report_of
from castdeck.record.events import Tell, Work
from castdeck.record.normalise import Rule
from castdeck.record.order import Order, Outcome, Recorded, Report
from castdeck.record.store import INDEX, Recordings
from castdeck.record.verdict import SessionVerdict, read_verdicts

_REFUSED = "what the worker sent is no recording of this block"


@dataclass(frozen=True)
class Sent:
    """A session that is to run on a cluster: its deck's number among the orders, what it is, its display."""

    deck: int
    session: PlannedSession
    work: Work


def verify_on_cluster(
    cluster: Cluster,
    decks: Sequence[tuple[str, Order]],
    rules: Sequence[Sequence[Rule]],
    tell: Tell,
    cancellation: Cancellation,
    *,
    with_secrets: bool = False,
) -> list[list[SessionVerdict]]:
    """The verdicts of each deck's sessions; `decks` are names and orders. Raises ClusterError, Cancelled."""
    sent = _sessions(decks)
    found: dict[str, SessionVerdict] = {}
    for result in _run(cluster, "verify", decks, sent, rules, tell, cancellation, with_secrets):
        session = sent[result.id].session
        try:
            found[result.id] = _verdict(session, result)
        except (CastdeckError, ValueError) as error:
            found[result.id] = SessionVerdict(session.deck, session.session, (), str(error))
    return [[found[id] for id, one in sent.items() if one.deck == number] for number in range(len(decks))]


def record_on_cluster(
    cluster: Cluster,
    decks: Sequence[tuple[str, Order]],
    tell: Tell,
    cancellation: Cancellation,
    *,
    with_secrets: bool = False,
) -> list[Report]:
    """Record what is not fresh; only whole recordings of just these blocks are kept. Raises ClusterError, Cancelled."""
    for _, order in decks:
        order.rename(order.plan())
    plans = [order.plan() for _, order in decks]
    sessions = _sessions(decks)
    sent = {id: one for id, one in sessions.items() if not one.session.is_fresh}
    outcomes: list[list[Outcome]] = [[] for _ in decks]
    for one in sessions.values():
        if one.session.is_fresh:
            outcomes[one.deck].append(Outcome(fresh=_fresh(one.session)))
    no_rules: list[tuple[Rule, ...]] = [() for _ in decks]
    for result in _run(cluster, "record", decks, sent, no_rules, tell, cancellation, with_secrets):
        one = sent[result.id]
        outcomes[one.deck].append(_outcome(decks[one.deck][1], one.session, result))
    return [report_of(order, plan, found) for (_, order), plan, found in zip(decks, plans, outcomes, strict=True)]


def _run(
    cluster: Cluster,
    verb: Verb,
    decks: Sequence[tuple[str, Order]],
    sent: dict[str, Sent],
    rules: Sequence[Sequence[Rule]],
    tell: Tell,
    cancellation: Cancellation,
    with_secrets: bool,
) -> Iterable[Result]:
    """What came of each session, as it ends: what is recorded is kept then, and not lost when the rest is cancelled."""
    tasks = [
        ClusterTask(
            id,
            job_of(verb, decks[one.deck][1], one.session.blocks, rules[one.deck], with_secrets=with_secrets).as_bytes(),
            one.session.memory,
            one.session.seconds,
            one.session.accelerator != "none",
        )
        for id, one in sent.items()
    ]
    return cluster.run(tasks, _hear(sent, tell), cancellation)


def _hear(sent: dict[str, Sent], tell: Tell) -> Callable[[str, object], None]:
    def hear(id: str, value: object) -> None:
        one = sent.get(id)
        blocks = {planned.block.name: planned.block for planned in one.session.blocks} if one else {}
        event = read_event(value, one.work, blocks) if one else None
        if event:
            tell(event)

    return hear


def _sessions(decks: Sequence[tuple[str, Order]]) -> dict[str, Sent]:
    found = {}
    for number, (name, order) in enumerate(decks):
        for session in planned_sessions([(name, order)]):
            found[session.id] = Sent(number, session, Work(order.deck.path, session.session))
    return found


def _verdict(session: PlannedSession, result: Result) -> SessionVerdict:
    if result.failure:
        return SessionVerdict(session.deck, session.session, (), result.failure)
    answer = read_answer(result.answer, session.blocks)
    (verdict,) = read_verdicts(answer.verdicts)
    names = [block.name for block in verdict.blocks]
    if names != [planned.block.name for planned in session.blocks]:
        raise ValueError("the worker's verdict is of other blocks")
    places = {planned.block.name: planned.block for planned in session.blocks}
    blocks = tuple(
        replace(block, file=places[block.name].path or session.path, line=places[block.name].line)
        for block in verdict.blocks
    )
    return SessionVerdict(session.deck, session.session, blocks)


def _outcome(order: Order, session: PlannedSession, result: Result) -> Outcome:
    """What is kept of a recorded session, and what is told of it."""
    blocks = {planned.block.name: planned.block for planned in session.blocks}
    first = session.blocks[0].block
    if result.failure:
        problem = Problem(Code.RECORDING_FAILED, Place(session.path, first.line), f"{session.id}: {result.failure}")
        return Outcome(not_reached=sum(planned.is_wanted for planned in session.blocks), problems=(problem,))
    try:
        answer = read_answer(result.answer, session.blocks)
        taken = _take(order, session, answer)
    except CastdeckError as error:
        return Outcome(problems=(replace(error.problem, place=Place(session.path, first.line)),))
    problems = [
        Problem(
            Code.COMMAND_FAILED,
            Place(blocks[failed.block].path or session.path, failed.line),
            failed.message,
            failed.hint,
        )
        for failed in answer.failed
    ]
    problems += [
        Problem(Code.RECORDING_FAILED, Place(blocks[name].path or session.path, blocks[name].line), _REFUSED)
        for name in answer.seconds.keys() - set(taken)
    ]
    recorded = tuple(Recorded(blocks[name], *answer.seconds[name]) for name in taken if name in answer.seconds)
    not_reached = max(0, min(answer.not_reached, len(blocks)))
    return Outcome(recorded, _fresh(session), not_reached, tuple(problems))


def _fresh(session: PlannedSession) -> int:
    return sum(not planned.is_wanted for planned in session.blocks)


def _take(order: Order, session: PlannedSession, answer: Answer) -> tuple[str, ...]:
    with temporary_folder() as folder:
        for name, data in answer.files.items():
            atomic.write(folder / name, data)
        if INDEX not in answer.files:
            return ()
        return take_recordings(session, order.recordings, [Recordings(folder)]).taken
