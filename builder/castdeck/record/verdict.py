"""What `verify` found, as values that leave this computer and come back: JSON, one verdict a session."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from castdeck.deck.model import session_id
from castdeck.record.drift import Drift
from castdeck.record.verify import Verified

VERSION = 1
_MOST_SECONDS = 1e9  # of one block


@dataclass(frozen=True)
class BlockVerdict:
    """A block that was replayed, in so many seconds, and where it differs from its recording (nowhere: it holds)."""

    name: str
    file: Path
    line: int
    seconds: float
    drifts: tuple[Drift, ...] = ()


@dataclass(frozen=True)
class SessionVerdict:
    """The blocks of one session of a deck. `failure` says why the session could not be run; "" when it was."""

    deck: str
    session: str
    blocks: tuple[BlockVerdict, ...]
    failure: str = ""

    @property
    def id(self) -> str:
        """The session's name among all sessions, such as "docker" or "docker/db"."""
        return session_id(self.deck, self.session)


class VerdictError(ValueError):
    """A text is not what `as_json` writes."""


def session_verdicts(deck: str, path: Path, verified: Sequence[Verified]) -> list[SessionVerdict]:
    """The verdicts of a deck's sessions; `path` is the deck's file."""
    in_sessions = sorted(verified, key=lambda one: one.block.session)
    return [
        SessionVerdict(
            deck,
            session,
            tuple(
                BlockVerdict(one.block.name, one.block.path or path, one.block.line, one.seconds, one.drifts)
                for one in blocks
            ),
        )
        for session, blocks in groupby(in_sessions, key=lambda one: one.block.session)
    ]


def as_json(verdicts: Iterable[SessionVerdict]) -> str:
    """The verdicts as a JSON document; docs/scale.md describes it."""
    sessions = [
        {
            "deck": one.deck,
            "session": one.session,
            "failure": one.failure,
            "blocks": [_block_as_json(block) for block in one.blocks],
        }
        for one in verdicts
    ]
    return json.dumps({"version": VERSION, "verdicts": sessions}, indent=1, ensure_ascii=False)


def read_verdicts(text: str) -> list[SessionVerdict]:
    """The verdicts of a document that `as_json` wrote. Raises VerdictError for any other text."""
    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            raise VerdictError(f"verdicts of version {document['version']}, this castdeck reads {VERSION}")
        return [_session(value) for value in document["verdicts"]]
    except VerdictError:
        raise
    except (ValueError, ArithmeticError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise VerdictError(f"not a document of `castdeck verify --format json` ({error})") from error


def _block_as_json(block: BlockVerdict) -> dict[str, object]:
    return {
        "name": block.name,
        "file": block.file.as_posix(),
        "line": block.line,
        "seconds": round(block.seconds, 3),
        "drifts": [
            {"line": drift.line, "command": drift.command, "message": drift.message, "diff": list(drift.diff)}
            for drift in block.drifts
        ],
    }


def _session(value: Mapping[str, Any]) -> SessionVerdict:
    blocks = tuple(_block(block) for block in value["blocks"])
    return SessionVerdict(_text(value["deck"]), _text(value["session"]), blocks, _text(value["failure"]))


def _block(value: Mapping[str, Any]) -> BlockVerdict:
    drifts = tuple(
        Drift(int(one["line"]), _text(one["command"]), _text(one["message"]), tuple(map(_text, one["diff"])))
        for one in value["drifts"]
    )
    return BlockVerdict(
        _text(value["name"]), Path(_text(value["file"])), int(value["line"]), read_seconds(value["seconds"]), drifts
    )


def read_seconds(value: object) -> float:
    """A number of seconds that came from elsewhere. Raises ValueError for what can't be one."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MOST_SECONDS:
        raise ValueError("not a number of seconds")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    value.encode()  # which fails for half a character
    return value
