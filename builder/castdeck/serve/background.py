"""Records in the background what the author has left stale, one job at a time, and says on each block how it stands."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from castdeck.errors import Problem
from castdeck.serve.reader import Whole
from castdeck.serve.recorder import Done, Job, Recording

PAUSE = 1.5
WORDS = {"stale": "stale", "waiting": "waiting", "recording": "recording", "failed": "failed"}


class Background:
    """Keeps a deck's recordings true: always when `automatic`, else when asked. It calls `changed` as it goes on."""

    def __init__(self, changed: Callable[[], None], automatic: bool) -> None:
        self._changed = changed
        self._automatic = automatic
        self._whole: Whole | None = None
        self._job: Job | None = None
        self._task: asyncio.Task[None] | None = None
        self._recording: Recording | None = None
        self._block = ""
        self._doing = ""
        self._failed: dict[str, Problem] = {}
        self._tried = ""
        self._asked: str | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the last job failed, if it did."""
        return tuple(self._failed.values())

    @property
    def badges(self) -> Mapping[str, Mapping[str, str]]:
        """How it stands with each block that is not simply fresh."""
        if self._whole is None:
            return {}
        states = dict.fromkeys(self._whole.stale, "stale")
        if self._task:
            states |= dict.fromkeys(self._whole.wanting, "waiting")
        states |= dict.fromkeys(self._failed, "failed")
        if self._block:
            states[self._block] = "recording"
        return {name: {"state": state, "text": WORDS[state]} for name, state in states.items()}

    async def settled(self, whole: Whole, job: Job) -> None:
        """The author paused, this is the deck now: end a job for other commands, and begin one if there is need."""
        before, self._whole, self._job = self._whole, whole, job
        if before is None or before.commands != whole.commands:
            self._failed = {}
            await self.stop()
        if self._asked is not None:
            asked, self._asked = self._asked, None
            await self.record(asked)
        if self._automatic and whole.wanting and not self._task and self._tried != whole.commands:
            self._begin(job, PAUSE)
        self._changed()

    async def record(self, slide: str) -> None:
        """Record one slide's blocks again, and what it needs; as soon as the deck has been read."""
        if self._job is None:
            self._asked = slide
            return
        await self.stop()
        self._begin(replace(self._job, slide=slide), 0)
        self._changed()

    async def stop(self) -> None:
        """End the job that runs."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def _begin(self, job: Job, pause: float) -> None:
        self._task = asyncio.create_task(self._run(job, pause))

    async def _run(self, job: Job, pause: float) -> None:
        await asyncio.sleep(pause)
        self._failed = {}
        recording = await asyncio.to_thread(Recording, job)
        try:
            while not isinstance(event := await asyncio.to_thread(recording.next), Done):
                self._block = event.block
                self._changed()
            self._failed = dict(event.problems)
            self._tried = self._whole.commands if self._whole else ""
        finally:
            self._block = ""
            await asyncio.shield(asyncio.to_thread(recording.stop))
        self._task = None
        self._changed()
