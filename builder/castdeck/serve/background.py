"""Keeps recordings true in the background, and says on each block how it stands: one job at a time, the newest."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from castdeck.codes import Code
from castdeck.problems import NOWHERE, Problem
from castdeck.serve.job import Begins, Doing, Done, Ends, Job, Shows, Told
from castdeck.serve.reader import Whole
from castdeck.serve.recorder import Recorder

PAUSE = 1.0
_ENDED = Problem(Code.RECORDING_FAILED, NOWHERE, "the recorder ended unexpectedly", "the key r tries again")


class Background:
    """Keeps a deck's recordings true: always when `automatic`, else when asked. It calls `changed` as it goes on."""

    def __init__(self, changed: Callable[[], None], automatic: bool) -> None:
        self._changed = changed
        self._automatic = automatic
        self._whole: Whole | None = None
        self._known: Job | None = None
        self._running: Job | None = None
        self._asked: str | None = None
        self._recorder: Recorder | None = None
        self._listening: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()  # a caller that is cancelled leaves nothing half begun
        self._numbers = 0
        self._is_answered, self._is_second_try = False, False
        self._block, self._output, self._doing = "", "", ""
        self._failed: dict[str, Problem] = {}
        self._tried = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Why the last job failed, if it did."""
        return tuple(self._failed.values())

    @property
    def badges(self) -> Mapping[str, Mapping[str, str]]:
        """How it stands with each block that is not simply fresh."""
        if self._whole is None:
            return {}
        badges = {name: _badge("new", "not recorded") for name in self._whole.wanting}
        badges |= {name: _badge("stale") for name in self._whole.stale}
        if self._running:
            waiting = [name for name in self._to_record(self._whole) if name not in self._failed]
            badges |= {name: _badge("waiting") for name in waiting}
            if waiting and self._doing and not self._block:
                badges[waiting[0]] = _badge("waiting", f"waiting: {self._doing}")
        badges |= {name: _badge("failed", _short(problem)) for name, problem in self._failed.items() if name}
        if self._block:
            badges[self._block] = _badge("recording", output=self._output)
        return badges

    def _to_record(self, whole: Whole) -> list[str]:
        """The blocks that the job records: what is not fresh; of one slide, all its blocks, and nothing after it."""
        slide = self._running.slide if self._running else ""
        own = [name for name in whole.blocks if slide and name.rpartition("-")[0] == slide]
        reach = whole.blocks.index(own[-1]) + 1 if own else 0 if slide else len(whole.blocks)
        return [name for name in whole.blocks[:reach] if name in whole.wanting or name in own]

    async def settled(self, whole: Whole, job: Job) -> None:
        """The author paused, this is the deck now: record it if there is need, in place of what was to be recorded."""
        await asyncio.shield(self._settle(whole, job))

    async def record(self, slide: str) -> None:
        """Record one slide's blocks again, and what it needs; as soon as the deck has been read."""
        await asyncio.shield(self._record(slide))

    async def stop(self) -> None:
        """End the recorder, with its machine."""
        async with self._turn:
            listening, recorder = self._listening, self._recorder
            self._listening = self._recorder = None
        if listening and recorder:
            listening.cancel()
            await asyncio.shield(asyncio.to_thread(recorder.stop))
            with suppress(asyncio.CancelledError):
                await listening

    async def _settle(self, whole: Whole, job: Job) -> None:
        async with self._turn:
            await self._take(whole, job)
        self._changed()

    async def _record(self, slide: str) -> None:
        async with self._turn:
            if self._known is None:
                self._asked = slide
            elif not (self._running and self._running.slide == slide):
                await self._begin(replace(self._known, slide=slide))
        self._changed()

    async def _take(self, whole: Whole, job: Job) -> None:
        before, self._whole, self._known = self._whole, whole, job
        is_new = before is None or before.commands != whole.commands
        if is_new:
            self._failed = {}
        if self._asked is not None:
            asked, self._asked = self._asked, None
            await self._begin(replace(job, slide=asked))
        elif self._running and is_new:
            await self._begin(replace(job, slide=self._running.slide, pause=PAUSE))
        elif self._automatic and whole.wanting and not self._running and self._tried != whole.commands:
            await self._begin(replace(job, pause=PAUSE))

    async def _begin(self, job: Job) -> None:
        self._numbers += 1
        self._running, self._is_answered = replace(job, number=self._numbers), False
        self._failed.pop("", None)
        if self._recorder is None:
            self._recorder = await asyncio.to_thread(Recorder)
            self._listening = asyncio.create_task(self._listen(self._recorder))
        with suppress(OSError):  # it has just ended; `_listen` hears of it, and begins once more
            await asyncio.to_thread(self._recorder.begin, self._running)

    async def _listen(self, recorder: Recorder) -> None:
        while told := await asyncio.to_thread(recorder.next):
            self._hear(told)
            self._changed()
        self._recorder = self._listening = None
        await asyncio.to_thread(recorder.stop)
        if self._running and not self._is_answered and not self._is_second_try:
            self._is_second_try = True
            async with self._turn:
                await self._begin(self._running)
        elif self._running:
            self._hear(Done(self._running.number, _ENDED))
            self._changed()

    def _hear(self, told: Told) -> None:
        self._is_answered, self._is_second_try = True, False
        match told:
            case Doing():
                self._doing = told.what
            case Begins():
                self._block, self._output, self._doing = told.block, "", ""
                self._failed.pop(told.block, None)
            case Shows():
                if told.block == self._block:
                    self._output = told.text
            case Ends():
                self._block = self._doing = ""
                if told.problem:
                    self._failed[told.block] = told.problem
            case Done():
                if self._running and told.number == self._running.number:
                    self._running, self._block, self._doing = None, "", ""
                    self._tried = self._whole.commands if self._whole else ""
                    if told.problem:
                        self._failed[""] = told.problem


def _badge(state: str, text: str = "", output: str = "") -> dict[str, str]:
    return {"state": state, "text": text or state, "output": output}


def _short(problem: Problem) -> str:
    """The line and the reason; the command that stands in between is on the slide."""
    where = f"line {problem.line}: " if problem.line else ""
    return f"failed: {where}{problem.message.removeprefix(f'{problem.word}: ')}"
