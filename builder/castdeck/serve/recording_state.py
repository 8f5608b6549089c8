"""The state of background recording as a frozen value, and the pure function `step` that handles events.

Touches no disk, clock, process or network.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from castdeck.codes import Code
from castdeck.problems import NOWHERE, Problem
from castdeck.serve.job import BlockEnded, BlockStarted, JobDone, RecorderEvent, RecordJob, ScreenChanged, StepStarted
from castdeck.serve.reader import ParsedDeck

PAUSE = 1.0
ENDED = Problem(Code.RECORDING_FAILED, NOWHERE, "the recorder ended unexpectedly", "press r to try again")


@dataclass(frozen=True)
class State:
    """The state of one deck's recorder.

    `whole` is the deck as last parsed, `known` the job that records all of it, `running` the current job and `number`
    its number, `asked` a slide to record as soon as the deck has been parsed. `is_answered`: the recorder has sent an
    event since the job began; `is_second_try`: the job was begun again after the recorder had ended.
    `block` is being recorded and has printed `output`; before that, `doing` is the current step. `failed` has the
    failures by block, "" for the job itself. `tried` is the hash of the commands of the last finished job, which is not
    repeated automatically.
    """

    automatic: bool
    whole: ParsedDeck | None = None
    known: RecordJob | None = None
    running: RecordJob | None = None
    asked: str | None = None
    number: int = 0
    is_answered: bool = False
    is_second_try: bool = False
    block: str = ""
    output: str = ""
    doing: str = ""
    failed: Mapping[str, Problem] = field(default_factory=dict)
    tried: str = ""

    @property
    def badges(self) -> Mapping[str, Mapping[str, str]]:
        """The state of each block's recording, unless it is fresh."""
        if self.whole is None:
            return {}
        badges = {name: _badge("new", "not recorded") for name in self.whole.pending}
        badges |= {name: _badge("stale") for name in self.whole.stale}
        if self.running:
            waiting = [name for name in self._to_record(self.whole) if name not in self.failed]
            badges |= {name: _badge("waiting") for name in waiting}
            if waiting and self.doing and not self.block:
                badges[waiting[0]] = _badge("waiting", f"waiting: {self.doing}")
        badges |= {name: _badge("failed", _short(problem)) for name, problem in self.failed.items() if name}
        if self.block:
            badges[self.block] = _badge("recording", output=self.output)
        return badges

    def _to_record(self, whole: ParsedDeck) -> list[str]:
        """The blocks that the job records: pending ones; for one slide, all of its blocks and none after it."""
        slide = self.running.slide if self.running else ""
        own = [name for name in whole.blocks if slide and name.rpartition("-")[0] == slide]
        reach = whole.blocks.index(own[-1]) + 1 if own else 0 if slide else len(whole.blocks)
        return [name for name in whole.blocks[:reach] if name in whole.pending or name in own]


@dataclass(frozen=True)
class Settled:
    """The author paused, and the deck has been parsed; `job` records all of it."""

    whole: ParsedDeck
    job: RecordJob


@dataclass(frozen=True)
class Asked:
    """A reader of a page asked to record a slide."""

    slide: str


@dataclass(frozen=True)
class RecorderEnded:
    """The recorder's process has ended unexpectedly."""


Event = Settled | Asked | RecorderEnded | RecorderEvent


def step(state: State, event: Event) -> tuple[State, RecordJob | None]:
    """The state after an event, and the job to begin, replacing the current one."""
    match event:
        case Settled():
            return _settled(state, event)
        case Asked():
            if state.known is None:
                return replace(state, asked=event.slide), None
            if state.running and state.running.slide == event.slide:
                return state, None
            return _begun(state, replace(state.known, slide=event.slide))
        case RecorderEnded():
            if state.running and not state.is_answered and not state.is_second_try:
                return _begun(replace(state, is_second_try=True), state.running)
            return (_heard(state, JobDone(state.running.number, ENDED)) if state.running else state), None
        case _:
            return _heard(state, event), None


def _settled(state: State, event: Settled) -> tuple[State, RecordJob | None]:
    before, whole, job = state.whole, event.whole, event.job
    is_new = before is None or before.commands != whole.commands
    state = replace(state, whole=whole, known=job, failed={} if is_new else state.failed)
    if state.asked is not None:
        return _begun(replace(state, asked=None), replace(job, slide=state.asked))
    if state.running and is_new:
        return _begun(state, replace(job, slide=state.running.slide, pause=PAUSE))
    if state.automatic and whole.pending and not state.running and state.tried != whole.commands:
        return _begun(state, replace(job, pause=PAUSE))
    return state, None


def _begun(state: State, job: RecordJob) -> tuple[State, RecordJob]:
    job = replace(job, number=state.number + 1)
    failed = {name: problem for name, problem in state.failed.items() if name}
    return replace(state, running=job, number=job.number, is_answered=False, failed=failed), job


def _heard(state: State, event: RecorderEvent) -> State:
    state = replace(state, is_answered=True, is_second_try=False)
    match event:
        case StepStarted():
            return replace(state, doing=event.what)
        case BlockStarted():
            failed = {name: problem for name, problem in state.failed.items() if name != event.block}
            return replace(state, block=event.block, output="", doing="", failed=failed)
        case ScreenChanged():
            return replace(state, output=event.text) if event.block == state.block else state
        case BlockEnded():
            return replace(_with_failure(state, event.block, event.problem), block="", doing="")
        case JobDone():
            if not state.running or event.number != state.running.number:
                return state
            tried = state.whole.commands if state.whole else ""
            return replace(_with_failure(state, "", event.problem), running=None, block="", doing="", tried=tried)


def _with_failure(state: State, block: str, problem: Problem | None) -> State:
    return replace(state, failed={**state.failed, block: problem}) if problem else state


def _badge(state: str, text: str = "", output: str = "") -> dict[str, str]:
    return {"state": state, "text": text or state, "output": output}


def _short(problem: Problem) -> str:
    """The line and the reason, without the command, which is visible on the slide."""
    where = f"line {problem.line}: " if problem.line else ""
    return f"failed: {where}{problem.message.removeprefix(f'{problem.word}: ')}"
