"""Finds pending blocks, and controls the process that records them without delaying the preview."""

import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from threading import Lock

from castdeck.deck import Deck
from castdeck.record.plan import STALE, plan
from castdeck.record.settings import Settings
from castdeck.record.store import Recordings
from castdeck.serve.job import RecorderEvent, RecordJob
from castdeck.serve.view import version

_LAST_WAIT = 20.0  # seconds for a machine to shut down


@dataclass(frozen=True)
class PendingBlocks:
    """Block names: all that can be run (`blocks`), those to record (`names`), those to record again (`stale`).

    `commands` is a hash of everything that recordings depend on.
    """

    blocks: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    commands: str = ""


def pending_blocks(deck: Deck, recordings: Path, settings: Settings) -> PendingBlocks:
    """Find out what has to be recorded. Raises RecordingError if the index is invalid."""
    kept = Recordings(recordings)
    blocks = plan(deck, kept, settings).blocks
    wanted = [one for one in blocks if one.is_wanted]
    return PendingBlocks(
        tuple(one.block.name for one in blocks),
        tuple(one.block.name for one in wanted),
        tuple(one.block.name for one in wanted if one.state == STALE or kept.cast(one.block.name)),
        version(repr([(one.block.name, one.key) for one in blocks])),
    )


class RecorderProcess:
    """The recorder process (see warm.py). End it with `stop`, which any thread may call."""

    def __init__(self) -> None:
        from castdeck.serve.warm import take_jobs  # imported here: only the new process needs it

        context = get_context("spawn")
        self._sending = Lock()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=take_jobs, args=(theirs,), name="castdeck-recorder")
        self._process.start()
        theirs.close()

    def begin(self, job: RecordJob) -> None:
        """Record a job, replacing the current one. Raises OSError if the process has ended."""
        with self._sending:
            self._pipe.send(job)

    def next(self) -> RecorderEvent | None:
        """Wait for the next event, and return it; None once the process has ended."""
        try:
            told: RecorderEvent = self._pipe.recv()
        except (EOFError, OSError):
            return None
        return told

    def stop(self) -> None:
        """End it as Ctrl-C would: its machine is stopped, and finished casts are kept."""
        if self._process.is_alive() and self._process.pid:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGINT)
        self._process.join(_LAST_WAIT)
        self._process.kill()
        self._process.join()
        self._pipe.close()
