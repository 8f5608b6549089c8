"""One session's work as bytes for another computer, and what comes back from it.

A job is pickled: a worker trusts whoever gives it work. An answer is JSON of plain values. A worker is trusted no more
than a guest, so `read_answer` checks each value, and how much there is of it.
"""

import base64
import json
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from castdeck.deck.model import Deck
from castdeck.errors import CastdeckError
from castdeck.farm.limits import MOST_BYTES
from castdeck.machine.protocol import Definition
from castdeck.record.normalise import Rule
from castdeck.record.order import Order
from castdeck.record.plan import Planned
from castdeck.record.settings import Settings
from castdeck.record.store import INDEX
from castdeck.record.verdict import read_seconds

_MOST_CHARACTERS = 1 << 16  # of one message

Verb = Literal["record", "verify"]


@dataclass(frozen=True)
class SessionJob:
    """A session to record or verify. `files` are its recordings as they are now, by their names."""

    verb: Verb
    deck: Deck
    session: str
    settings: Settings
    force: bool
    slide: str
    rules: tuple[Rule, ...]
    files: Mapping[str, bytes]

    def as_bytes(self) -> bytes:
        """The job as it travels."""
        return pickle.dumps(self)


@dataclass(frozen=True)
class MachineJob:
    """A machine to make ready, in the worker's own cache."""

    definition: Definition

    def as_bytes(self) -> bytes:
        """The job as it travels."""
        return pickle.dumps(self)


def read_job(data: bytes) -> SessionJob | MachineJob:
    """The job that `as_bytes` wrote. Raises TypeError for anything else."""
    job = pickle.loads(data)
    if not isinstance(job, SessionJob | MachineJob):
        raise TypeError(f"a {type(job).__name__} is not a job")
    return job


def job_of(
    verb: Verb, order: Order, blocks: Sequence[Planned], rules: Sequence[Rule], *, with_secrets: bool
) -> SessionJob:
    """The job of the session that has those blocks. Without `with_secrets` the values of secrets stay here."""
    settings = order.settings
    if not with_secrets:
        settings = replace(settings, secrets={}, missing_secrets=(*settings.missing_secrets, *settings.secrets))
    slides = tuple(replace(slide, tokens=(), notes=()) for slide in order.deck.slides if slide.blocks)
    return SessionJob(
        verb,
        replace(order.deck, slides=slides, problems=()),
        blocks[0].block.session,
        settings,
        order.force,
        order.slide,
        tuple(rules),
        recorded_files(order.recordings.folder, [one.kept_as for one in blocks]),
    )


def recorded_files(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    """The index and the casts of those names, as far as they are there."""
    paths = [folder / INDEX, *(folder / f"{name}.cast" for name in names)]
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


@dataclass(frozen=True)
class Failed:
    """A block that could not be recorded: its line, what went wrong, and what to do."""

    block: str
    line: int
    message: str
    hint: str


@dataclass(frozen=True)
class Answer:
    """What a worker says of a session.

    `verdicts` is the document that `castdeck.record.verdict.as_json` writes, of a session that was verified. `files`
    are the recordings of one that was recorded, `seconds` what each block took: the whole, and its commands alone.
    """

    verdicts: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    seconds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    failed: tuple[Failed, ...] = ()
    not_reached: int = 0

    def as_bytes(self) -> bytes:
        """The answer as it travels."""
        return json.dumps(
            {
                "verdicts": self.verdicts,
                "files": {name: base64.b64encode(data).decode() for name, data in self.files.items()},
                "seconds": {name: list(pair) for name, pair in self.seconds.items()},
                "failed": [[one.block, one.line, one.message, one.hint] for one in self.failed],
                "not_reached": self.not_reached,
            }
        ).encode()


class AnswerError(CastdeckError):
    """A worker's answer can't be used."""


def read_answer(data: object, blocks: Sequence[Planned]) -> Answer:
    """The answer to the job of the session with those blocks. Raises AnswerError for what can't be one."""
    if not isinstance(data, bytes) or len(data) > MOST_BYTES:
        raise AnswerError(f"the worker sent no answer, or more than {MOST_BYTES >> 20} MiB")
    names = {one.block.name for one in blocks}
    try:
        value = json.loads(data)
        return Answer(
            _text(value["verdicts"], MOST_BYTES),
            {_file(name, names): base64.b64decode(text, validate=True) for name, text in value["files"].items()},
            {
                _block(name, names): (read_seconds(one), read_seconds(two))
                for name, (one, two) in value["seconds"].items()
            },
            tuple(_failed(one, names) for one in value["failed"]),
            int(value["not_reached"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise AnswerError(f"the worker's answer can't be read: {str(error)[:200]}") from error


def _failed(value: object, names: set[str]) -> Failed:
    if not isinstance(value, list):
        raise TypeError("not a failed block")
    block, line, message, hint = value
    return Failed(_block(block, names), int(line), _text(message), _text(hint))


def _file(name: str, names: set[str]) -> str:
    if name != INDEX and name.removesuffix(".cast") not in names:
        raise ValueError(f"a file that was not asked for: {name!r}")
    return name


def _block(name: str, names: set[str]) -> str:
    if name not in names:
        raise ValueError(f"no block of the session: {name!r}")
    return name


def _text(value: object, most: int = _MOST_CHARACTERS) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise ValueError("not a text, or too long")
    return value
