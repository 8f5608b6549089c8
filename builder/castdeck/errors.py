"""Exceptions that are shown without a traceback, with a place and a remedy."""

from collections.abc import Sequence
from pathlib import Path

from castdeck.codes import Code, Severity
from castdeck.problems import Place, Problem


class CastdeckError(Exception):
    """Base of all errors that are shown without a traceback.

    `exit_code` is the exit status of the command; `default_code` is used if no code is passed.
    """

    exit_code = 1
    default_code = Code.FAILED

    def __init__(
        self,
        message: str,
        *,
        path: Path | None = None,
        line: int | None = None,
        hint: str = "",
        code: Code | None = None,
        word: str = "",
    ) -> None:
        super().__init__(message)
        self.problem = Problem(code or self.default_code, Place(path, line), message, hint, word, Severity.ERROR)

    @property
    def problems(self) -> Sequence[Problem]:
        """All problems; `problem` is the first."""
        return (self.problem,)

    def __str__(self) -> str:
        return str(self.problem)


class DeckError(CastdeckError):
    """The deck's text can't be parsed."""

    default_code = Code.UNREADABLE_DECK


class WorkspaceError(CastdeckError):
    """castdeck.toml or a path given on the command line is wrong."""

    exit_code = 2
    default_code = Code.INVALID_SETTING


class MachineError(CastdeckError):
    """A machine can't be built, started or reached."""

    default_code = Code.MACHINE_FAILED


class RecordingError(CastdeckError):
    """A block could not be recorded."""

    default_code = Code.RECORDING_FAILED
