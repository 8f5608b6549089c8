"""Replays decks on fresh machines and compares what happens with their recordings. Nothing is recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from castdeck.cast.cap import capped
from castdeck.cast.recording import read_recording
from castdeck.deck.model import Block
from castdeck.errors import RecordingError
from castdeck.machine.definition import MachineDefinition
from castdeck.machine.golden import Golden
from castdeck.record.deck import Order
from castdeck.record.drift import Drift, drifts
from castdeck.record.events import BlockBegins, BlockEnds, Tell, Work
from castdeck.record.normalise import Rule
from castdeck.record.plan import Planned
from castdeck.record.run import Run, recorder_environment
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import masked
from castdeck.record.session import Applied, Session
from castdeck.record.side_by_side import Task, side_by_side


@dataclass(frozen=True)
class Verified:
    """A block that was replayed, in so many seconds, and where it differs from its recording (nowhere: it is true)."""

    block: Block
    seconds: float
    drifts: tuple[Drift, ...]


def verify_decks(
    orders: Sequence[Order],
    rules: Sequence[Sequence[Rule]],
    ready: Callable[[MachineDefinition], Golden],
    jobs: int,
    tell: Tell,
) -> list[tuple[Verified, ...]]:
    """Replay every block that can be run, each session from the golden machine; `rules` are each deck's own.

    Raises MachineError when there can be no machine.
    """
    tasks: list[Task[tuple[Verified, ...]]] = []
    for number, order in enumerate(orders):
        settings = replace(order.settings, checkpoint_room=0)
        for blocks in order.plan().sessions:
            work = Work(order.deck.path, blocks[0].block.session)
            session = Session(ready(settings.definition), settings, work, tell)
            run = partial(_verify_session, order, blocks, rules[number], session, work, tell)
            tasks.append(Task(number, run, session.stop))
    found: list[list[Verified]] = [[] for _ in orders]
    with recorder_environment():
        for number, verified in side_by_side(tasks, jobs):
            found[number] += verified
    return [tuple(sorted(one, key=lambda verified: verified.block.line)) for one in found]


def _verify_session(
    order: Order, blocks: Sequence[Planned], rules: Sequence[Rule], session: Session, work: Work, tell: Tell
) -> tuple[Verified, ...]:
    applied: list[Applied] = []
    found: list[Verified] = []
    with session:
        for number, one in enumerate(blocks, 1):
            begins = partial(BlockBegins, work, number=number, of=len(blocks), left=None)
            tell(begins(block=one.block))
            try:
                run = session.run(one.block, applied, partial(_tell_replay, tell, begins))
            except (CommandFailed, RecordingError) as failure:
                session.forget()
                found.append(Verified(one.block, 0.0, (_failed(one.block, failure),)))
                tell(BlockEnds(work, one.block, failed=True))
                continue
            applied.append(Applied(one.block, one.key))
            session.passed(applied[-1], run.seconds)
            different = _compared(one, run, order, rules)
            found.append(Verified(one.block, run.seconds, different))
            tell(BlockEnds(work, one.block, run.seconds, failed=bool(different)))
    return tuple(found)


def _tell_replay(tell: Tell, begins: Callable[..., BlockBegins], block: Block) -> None:
    tell(begins(block=block, replayed=True))


def _failed(block: Block, failure: CommandFailed | RecordingError) -> Drift:
    if isinstance(failure, RecordingError):
        return Drift(failure.problem.line or block.line, block.lines[0].text.strip(), failure.problem.message)
    return Drift(failure.line.line, failure.line.text.strip(), f"it {failure.reason}", tuple(failure.last_lines))


def _compared(one: Planned, run: Run, order: Order, rules: Sequence[Rule]) -> tuple[Drift, ...]:
    block, recordings = one.block, order.recordings
    entry, cast = recordings.entry(one.kept_as), recordings.cast(one.kept_as)
    if one.is_wanted or entry is None:
        return (Drift(block.line, block.lines[0].text.strip(), f"its recording is {one.state}: {one.why}"),)
    now = capped(masked(run.session, order.settings.secrets))
    if cast is None:
        pairs = zip(now.commands, entry.commands, strict=False)
        recorded = replace(now, commands=tuple(replace(command, status=seen.status) for command, seen in pairs))
    else:
        recorded = read_recording(cast, [seen.status for seen in entry.commands])
    return drifts(block, recorded, now, block.cols or order.settings.terminal.cols, rules)
