"""One machine and the blocks that ran on it, in order; started only when something has to run."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pexpect

from castdeck.cancellation import Cancellation
from castdeck.deck.model import Block
from castdeck.errors import MachineError, RecordingError
from castdeck.machine.protocol import Machine, Ready
from castdeck.record.events import Doing, MachineStarts, Tell, Work
from castdeck.record.languages.shells import BASH
from castdeck.record.run import Run, is_inside, mark_shell, record_block, replay_block, type_chore
from castdeck.record.script import LOST, CommandFailed
from castdeck.record.settings import Settings

Replays = Callable[[Block, Sequence[Block]], None]
"""Called with a block that is replayed now, and the blocks to replay after it."""

_RunBlock = Callable[[Machine, Block, Settings, Work, Tell], Run]
_FIRST_COST = 1.5  # seconds, until measured


@dataclass(frozen=True)
class Applied:
    """A block that ran, and the key after it, by which two of them are compared."""

    block: Block = field(compare=False)
    key: str


class Session:
    """Runs blocks on one machine. A block that fails leaves no trace: the machine is restored without it.

    Starts from the nearest checkpoint, and saves checkpoints where that is cheap compared with replaying.
    """

    def __init__(self, ready: Ready, settings: Settings, work: Work, tell: Tell, cancellation: Cancellation) -> None:
        """When `cancellation` is cancelled, the machine is killed, and all methods except `forget` raise Cancelled."""
        self._cancellation = cancellation
        self._ready, self._settings, self._work, self._tell = ready, settings, work, tell
        self._checkpoints = ready.checkpoints(settings.checkpoint_room) if settings.checkpoint_room else None
        self._stack = ExitStack()
        self._machine: Machine | None = None
        self._applied: list[Applied] = []
        self._since_kept = 0.0
        self._cost = _FIRST_COST

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self._drop()
        self.trim_states()

    def bring_to(self, before: Sequence[Applied], replays: Replays) -> None:
        """Bring the machine to the state after exactly the blocks `before`; `replays` is called for each replayed
        block.

        Raises RecordingError or MachineError.
        """
        self._cancellation.check()
        fits = self._machine is not None and self._applied == list(before[: len(self._applied)])
        if not fits or self._nearest(before) > len(self._applied):
            self._start(before)
        to_replay = before[len(self._applied) :]
        for number, applied in enumerate(to_replay, 1):
            replays(applied.block, [later.block for later in to_replay[number:]])
            self._replay(applied)
        if to_replay:
            self.keep_state(share=1.0)

    @property
    def machine(self) -> Machine:
        """The machine as it is now; `bring_to` comes before it."""
        assert self._machine
        return self._machine

    def run(self, block: Block) -> Run:
        """Record `block` on the machine; call `bring_to` first.

        Raises CommandFailed if a command does not end as it should, RecordingError or MachineError for anything else.
        """
        self._cancellation.check()
        return self._guarded(block, self.machine, record_block)

    def passed(self, applied: Applied, seconds: float) -> None:
        """Note that the last block succeeded, and how long it took."""
        self._applied.append(applied)
        self._since_kept += seconds

    def forget(self) -> None:
        """Undo the last block: end the machine, which is restored without it when needed."""
        self._drop()

    def keep_state(self, share: float) -> None:
        """Save a checkpoint, if that costs at most `share` of the time since the last one.

        Amid a shell or an interpreter that a command has opened none is kept: whoever starts from it could not know.
        """
        if self._checkpoints is None or self._machine is None or not self._applied:
            return
        if self._cost > share * self._since_kept or is_inside(self._machine, self._settings.shell):
            return
        key = self._applied[-1].key
        self._tell(Doing(self._work, "keeping the machine's state"))
        began = time.monotonic()
        try:
            if self._checkpoints.save(key, self._machine):
                self._stack.enter_context(self._checkpoints.held(key))
        except MachineError as error:
            self._cancellation.check()
            self._tell(Doing(self._work, f"the machine's state is not kept: {error.problem.message}"))
            if self._machine.is_lost():
                self._drop()
        self._cost = time.monotonic() - began
        self._since_kept = 0.0

    def trim_states(self) -> None:
        """Remove the least recently used checkpoints, if all together exceed their limit."""
        if self._checkpoints:
            self._checkpoints.trim()

    def _nearest(self, before: Sequence[Applied]) -> int:
        """The number of blocks before the nearest checkpoint; 0 is the golden snapshot."""
        return next(self._kept(before))

    def _kept(self, before: Sequence[Applied]) -> Iterator[int]:
        """The numbers of blocks after which there are checkpoints, nearest first, then 0 (the golden snapshot)."""
        if self._checkpoints:
            yield from (n for n in range(len(before), 0, -1) if self._checkpoints.has(before[n - 1].key))
        yield 0

    def _start(self, before: Sequence[Applied]) -> None:
        """Start the machine from the nearest usable checkpoint; discard damaged ones."""
        self._drop()
        if before and self._settings.checkpoint_room and self._checkpoints is None:
            self._tell(Doing(self._work, "this machine can't keep its state: the blocks before are all run again"))
        damaged: list[str] = []
        for kept in self._kept(before):
            after = f" as it was after {before[kept - 1].block.name}" if kept else ""
            self._tell(MachineStarts(self._work, f"starting the machine{after}"))
            try:
                self._machine = self._started(before[kept - 1].key if kept else "")
                break
            except MachineError as error:
                self._drop()
                self._cancellation.check()
                if not kept:
                    raise
                damaged.append(before[kept - 1].key)
                self._tell(Doing(self._work, f"that state can't be used: {error.problem.message}"))
        if self._checkpoints:
            for key in damaged:
                self._checkpoints.discard(key)
        self._applied = list(before[:kept])
        self._since_kept = 0.0

    def _started(self, key: str) -> Machine:
        """Start a machine from the checkpoint with that key ("": the golden snapshot)."""
        if key and self._checkpoints:
            self._stack.enter_context(self._checkpoints.held(key))
        machine = self._stack.enter_context(self._ready.started(key, self._cancellation))
        self._stack.enter_context(self._cancellation.ending(machine.kill))
        mark_shell(machine, self._settings.shell if key else BASH)
        return machine

    def _replay(self, applied: Applied) -> None:
        machine, block = self._machine, applied.block
        assert machine
        began = time.monotonic()
        try:
            self._guarded(block, machine, replay_block)
        except CommandFailed as failure:
            self._drop()
            if failure.reason == LOST:
                raise MachineError(
                    f"the machine was lost while {block.name} ran again for the blocks after it",
                    line=block.line,
                    hint="record once more; if it is lost there each time, give it more memory in castdeck.toml",
                ) from failure
            raise RecordingError(
                f"this block has a good recording, but did not run again: {failure.reason}",
                line=failure.line.line,
                hint="castdeck record --force records the whole deck again",
            ) from failure
        self.passed(applied, time.monotonic() - began)

    def _guarded(self, block: Block, machine: Machine, run: _RunBlock) -> Run:
        """Run a block in a shell that has the secrets, even if the previous block ended the shell that had them."""
        try:
            if self._settings.secrets:
                type_chore(machine, self._settings)
            return run(machine, block, self._settings, self._work, self._tell)
        except (MachineError, OSError, pexpect.ExceptionPexpect) as error:
            is_cancelled = self._cancellation.is_cancelled
            lost = not is_cancelled and self._machine is not None and self._machine.is_lost()
            self._drop()
            self._cancellation.check()
            if lost:
                raise CommandFailed(block.lines[0], LOST) from error
            raise RecordingError(f"the recorder stopped: {str(error).splitlines()[0]}", line=block.line) from error
        except BaseException:
            self._drop()
            self._cancellation.check()
            raise

    def _drop(self) -> None:
        self._stack.close()
        self._stack = ExitStack()
        self._machine, self._applied = None, []
