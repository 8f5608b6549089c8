"""Keeps recordings fresh in the background: runs the recorder process, and gives it the newest job.

The state is a value, and a pure function handles events: see recording_state.py.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from castdeck.problems import Problem
from castdeck.serve.job import RecordJob
from castdeck.serve.reader import ParsedDeck
from castdeck.serve.recorder import RecorderProcess
from castdeck.serve.recording_state import Asked, Event, RecorderEnded, Settled, State, step


class BackgroundRecorder:
    """Keeps a deck's recordings fresh, on request only unless `automatic`. Calls `changed` on progress."""

    def __init__(
        self, changed: Callable[[], None], automatic: bool, recorder: Callable[[], RecorderProcess] = RecorderProcess
    ) -> None:
        self._changed = changed
        self._state = State(automatic)
        self._new_recorder = recorder
        self._recorder: RecorderProcess | None = None
        self._listening: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._turn = asyncio.Lock()  # held, and shielded from cancellation, while a job or a stop begins

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the last job failed, if it did."""
        return tuple(self._state.failed.values())

    @property
    def badges(self) -> Mapping[str, Mapping[str, str]]:
        """The recording state of each block that is not fresh."""
        return self._state.badges

    async def settled(self, whole: ParsedDeck, job: RecordJob) -> None:
        """Record this deck if necessary, instead of the previous job. Called when the author pauses."""
        await asyncio.shield(self._take(Settled(whole, job)))

    async def record(self, slide: str) -> None:
        """Record a slide's blocks again, and the stale blocks before them, as soon as the deck has been parsed."""
        await asyncio.shield(self._take(Asked(slide)))

    async def stop(self) -> None:
        """End the recorder and its machine, for good."""
        async with self._turn:
            self._is_stopped = True
            listening, recorder = self._listening, self._recorder
            self._listening = self._recorder = None
        if listening and recorder:
            await asyncio.shield(asyncio.to_thread(recorder.stop))
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _take(self, event: Event) -> None:
        async with self._turn:
            self._state, job = step(self._state, event)
            if job and not self._is_stopped:
                await self._begin(job)
        self._changed()

    async def _begin(self, job: RecordJob) -> None:
        if self._recorder is None:
            self._recorder = await asyncio.to_thread(self._new_recorder)
            self._listening = asyncio.create_task(self._listen(self._recorder))
        with suppress(OSError):  # the process has just ended: `_listen` notices, and starts another one
            await asyncio.to_thread(self._recorder.begin, job)

    async def _listen(self, recorder: RecorderProcess) -> None:
        while told := await asyncio.to_thread(recorder.next):
            self._state, _ = step(self._state, told)
            self._changed()
        async with self._turn:
            if self._recorder is not recorder:
                return
            self._recorder = self._listening = None
        await asyncio.to_thread(recorder.stop)
        await self._take(RecorderEnded())
