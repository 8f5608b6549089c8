"""Records the blocks of one session, in order.

The chain of keys covers the blocks that actually ran: a failed block leaves the machine as it was before, and once it
is fixed, everything after it is recorded again.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

from castdeck.cancellation import Cancelled
from castdeck.deck.model import Block
from castdeck.errors import CastdeckError, MachineError, RecordingError
from castdeck.problems import Problem
from castdeck.record.depends import building_on, made_by
from castdeck.record.events import BlockEnds, BlockStopped, Tell, Work, WorkEnds
from castdeck.record.failure import not_tried, problem_of
from castdeck.record.kept import cast_of, entry_of
from castdeck.record.key import first_key
from castdeck.record.order import Order, Outcome, Recorded
from castdeck.record.plan import Planned, planned_block
from castdeck.record.progress import Progress
from castdeck.record.run import Untrue
from castdeck.record.script import CommandFailed
from castdeck.record.session import Applied, Session
from castdeck.record.settings import Settings

_SHARE = 0.1  # cost limit for saving a checkpoint, as a share of the commands' time
_SHARE_NEAR_END = 0.5  # where authors add and change most
_STAYS = "its recording and those after it stay as they were"


def record_session(
    order: Order,
    blocks: Sequence[Planned],
    session: Session,
    work: Work,
    tell: Tell,
    goes_on: Callable[[Block], bool] = lambda block: True,
) -> Outcome:
    """Record the stale blocks of a session. A block that fails is left out for the blocks after it.

    `goes_on` is called before each block, once the machine is ready for it; False stops here. The machine keeps
    running; the caller ends it.
    """
    settings = order.settings
    progress = Progress(work, [one for one in blocks if one.is_wanted], blocks)
    applied: list[Applied] = []
    recorded: list[Recorded] = []
    problems: list[Problem] = []
    rest: Sequence[Planned] = ()
    depending: set[str] = set()
    for place, planned in enumerate(blocks):
        block = planned.block
        before = applied[-1].key if applied else first_key(settings.machine)
        now = planned_block(block, before, order.recordings, settings, force=planned.is_asked)
        if not now.is_wanted:
            applied.append(Applied(block, now.key))
            continue
        if block.name in depending:
            continue
        try:
            _check_secrets(block, settings)
            session.bring_to(applied, partial(_tell_replay, tell, progress, block))
            if not goes_on(block):
                rest = blocks[place:]
                break
            tell(progress.begins(block))
            done = _record(now, order, session, applied)
        except Cancelled:
            tell(BlockStopped(work, block))
            raise
        except (CommandFailed, CastdeckError) as failure:
            session.forget()
            was_good = bool(order.recordings.holder(block.name, now.key, block.hidden))
            is_of_the_session = isinstance(failure, MachineError | RecordingError) and not isinstance(failure, Untrue)
            after = [one.block for one in blocks[place + 1 :] if one.is_wanted]
            if was_good or is_of_the_session:
                rest = blocks[place + 1 :]
            else:
                there = {name for one in applied for name in made_by(one.block)}
                after = [one for one in building_on(block, after, there) if one.name not in depending]
                depending |= {one.name for one in after}
            consequence = _STAYS if was_good else not_tried(after, builds_on_it=not is_of_the_session)
            problems.append(problem_of(failure, order.deck.file_of(block), settings.secrets, consequence))
            tell(BlockEnds(work, block, failed=True, problem=problems[-1]))
            if rest or was_good or is_of_the_session:
                break
            continue
        tell(BlockEnds(work, block, done.seconds, done.command_seconds))
        recorded.append(done)
        applied.append(Applied(block, now.key))
        session.passed(applied[-1], done.seconds)
        is_near_end = sum(one.is_wanted for one in blocks[place + 1 :]) < 2
        failing = len(problems) / (place + 1)  # a block that fails costs everything that ran since the last checkpoint
        session.keep_state(max(_SHARE_NEAR_END if is_near_end else _SHARE, failing))
    tell(WorkEnds(work))
    unreached = {one.block.name for one in rest if one.is_wanted}
    fresh = len(applied) - len(recorded) + len(rest) - len(unreached)
    return Outcome(tuple(recorded), fresh, len(unreached | depending), tuple(problems))


def _tell_replay(tell: Tell, progress: Progress, wanted: Block, block: Block, later: Sequence[Block]) -> None:
    tell(progress.replays(block, later, wanted))


def _record(now: Planned, order: Order, session: Session, applied: Sequence[Applied]) -> Recorded:
    block, settings = now.block, order.settings
    try:
        run = session.run(block)
    except Untrue:  # try again, from the state before it
        session.forget()
        session.bring_to(applied, lambda block, later: None)
        run = session.run(block)
    cast = cast_of(run, block, settings)
    order.recordings.keep(block.name, entry_of(run, now, settings), None if block.hidden else cast)
    return Recorded(block, run.seconds, sum(command.seconds for command in run.session.commands))


def _check_secrets(block: Block, settings: Settings) -> None:
    """Raises CommandFailed if a block uses a secret that has no value."""
    for line in block.lines:
        for name in settings.missing_secrets:
            if re.search(rf"\$\{{?{name}\b", line.text):
                hint = "give it in the environment, or in a .env file beside castdeck.toml"
                raise CommandFailed(line, f"the secret {name} has no value", hint=hint)
