"""What can go wrong because of an author's input, each with a place and a remedy."""

from dataclasses import dataclass
from pathlib import Path

_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(9), *range(11, 32), *range(127, 160))}


def plain(text: str) -> str:
    """The text with control codes (but tabs and line ends) spelt out: none from a machine gets to a terminal."""
    return text.translate(_CONTROLS)


@dataclass(frozen=True)
class Problem:
    """One thing to tell the author about a place in a file.

    `line` and `column` count from 1; None where the problem is not about one line, or about no part of it. `hint` says
    what to do next. `code` is the stable name of this kind of problem, such as "unclosed-fence".
    """

    message: str
    path: Path | None = None
    line: int | None = None
    hint: str = ""
    is_error: bool = False
    code: str = ""
    column: int | None = None

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}:" if self.line is None else f"{self.path}:{self.line}:"
        word = "error" if self.is_error else "warning"
        text = f"{place} {word}: {self.message}".lstrip()
        return plain(f"{text}\n  {self.hint}" if self.hint else text)


class CastdeckError(Exception):
    """Base of all errors that are shown without a traceback; `exit_code` is the status that the command ends with."""

    exit_code = 1

    def __init__(
        self, message: str, *, path: Path | None = None, line: int | None = None, hint: str = "", code: str = ""
    ) -> None:
        super().__init__(message)
        self.problem = Problem(message, path, line, hint, True, code)

    def __str__(self) -> str:
        return str(self.problem)


class DeckError(CastdeckError):
    """The deck's text can't be read as a deck."""


class WorkspaceError(CastdeckError):
    """castdeck.toml or a path given on the command line is wrong."""

    exit_code = 2


class MachineError(CastdeckError):
    """A machine can't be built, started or reached."""


class RecordingError(CastdeckError):
    """A block could not be recorded."""
