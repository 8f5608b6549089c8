"""Records the blocks of one session, in order.

The chain of keys covers the blocks that actually ran: a failed block leaves the machine as it was before, and once it
is fixed, everything after it is recorded again.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
    settings, course = order.settings, _Course()
    progress = Progress(work, [one for one in blocks if one.is_wanted], blocks)
    for place, planned in enumerate(blocks):
        block, later = planned.block, blocks[place + 1 :]
        before = course.applied[-1].key if course.applied else first_key(settings.machine)
        now = planned_block(block, before, order.recordings, settings, force=planned.is_asked)
        if not now.is_wanted:
            course.applied.append(Applied(block, now.key))
            continue
        if block.name in course.depending:
            continue
        try:
            _check_secrets(block, settings)
            session.bring_to(course.applied, partial(_tell_replay, tell, progress, block))
            if not goes_on(block):
                course.rest = blocks[place:]
                break
            tell(progress.begins(block))
            done = _record(now, order, session, course.applied)
        except Cancelled:
            tell(BlockStopped(work, block))
            raise
        except (CommandFailed, CastdeckError) as failure:
            session.forget()
            can_go_on = course.fails(now, later, order, failure)
            tell(BlockEnds(work, block, failed=True, problem=course.problems[-1]))
            if not can_go_on:
                break
            continue
        tell(BlockEnds(work, block, done.seconds, done.command_seconds))
        course.recorded.append(done)
        course.applied.append(Applied(block, now.key))
        session.passed(course.applied[-1], done.seconds)
        is_near_end = sum(one.is_wanted for one in later) < 2
        failing = len(course.problems) / (place + 1)  # a failing block costs all that ran since the last checkpoint
        session.keep_state(max(_SHARE_NEAR_END if is_near_end else _SHARE, failing))
    tell(WorkEnds(work))
    return course.outcome


@dataclass
class _Course:
    """How the recording of a session has gone so far.

    `applied` are the blocks whose effects the machine has, `depending` the names of blocks that build on one that
    failed, `rest` the blocks that were not reached.
    """

    applied: list[Applied] = field(default_factory=list)
    recorded: list[Recorded] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    depending: set[str] = field(default_factory=set)
    rest: Sequence[Planned] = ()

    def fails(
        self, now: Planned, later: Sequence[Planned], order: Order, failure: CommandFailed | CastdeckError
    ) -> bool:
        """Note why a block failed. Returns whether the `later` blocks that do not build on it can be recorded."""
        block = now.block
        was_good = bool(order.recordings.holder(block.name, now.key, block.hidden))
        is_of_the_session = isinstance(failure, MachineError | RecordingError) and not isinstance(failure, Untrue)
        can_go_on = not (was_good or is_of_the_session)
        after = [one.block for one in later if one.is_wanted]
        if can_go_on:
            there = {name for one in self.applied for name in made_by(one.block)}
            after = [one for one in building_on(block, after, there) if one.name not in self.depending]
            self.depending |= {one.name for one in after}
        else:
            self.rest = later
        consequence = _STAYS if was_good else not_tried(after, builds_on_it=not is_of_the_session)
        file = order.deck.file_of(block)
        self.problems.append(problem_of(failure, file, order.settings.secrets, consequence))
        return can_go_on

    @property
    def outcome(self) -> Outcome:
        unreached = {one.block.name for one in self.rest if one.is_wanted}
        fresh = len(self.applied) - len(self.recorded) + len(self.rest) - len(unreached)
        return Outcome(tuple(self.recorded), fresh, len(unreached | self.depending), tuple(self.problems))


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
