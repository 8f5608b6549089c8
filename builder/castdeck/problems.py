"""A problem as a value: what is wrong, where, and how to fix it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from castdeck.codes import Code, Severity

_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(9), *range(11, 32), *range(127, 160))}
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_LONGEST = 600  # characters of a message
_SPELT = _CONTROLS | {number: f"\\u{number:04x}" for number in _DIRECTIONS}


def plain(text: str) -> str:
    """Escape control codes except tabs and newlines, so that output of a machine can't control the user's terminal.

    Also escapes characters that change the writing direction, and other line ends.
    """
    return text.translate(_SPELT)


def drawn(text: str) -> str:
    """The text on one line with every character visible, for text that someone is asked to agree to."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def shortened(message: str) -> str:
    """The message with its middle left out, where it repeats much of what somebody wrote."""
    return message if len(message) <= _LONGEST else f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 4 :]}"


@dataclass(frozen=True)
class Place:
    """A place in a file; `line` and `column` count from 1. None if unknown, or if the whole file is meant."""

    path: Path | None = None
    line: int | None = None
    column: int | None = None


NOWHERE = Place()


@dataclass(frozen=True)
class Problem:
    """One problem at a place in a file.

    `hint` is the remedy. `word` is the text in question as it appears in the file, from which the column is found.
    `weight` overrides the severity of the code.
    """

    code: Code
    place: Place
    message: str
    hint: str = ""
    word: str = ""
    weight: Severity | None = None

    @property
    def path(self) -> Path | None:
        """The file."""
        return self.place.path

    @property
    def line(self) -> int | None:
        """The line in the file, from 1."""
        return self.place.line

    @property
    def column(self) -> int | None:
        """The column in the line, from 1."""
        return self.place.column

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.weight or self.code.severity

    @property
    def is_error(self) -> bool:
        """Whether it is an error, not a warning."""
        return self.severity is Severity.ERROR

    def at(self, path: Path | None = None, line: int | None = None, column: int | None = None) -> Self:
        """The same problem at another place; arguments that are left out stay unchanged."""
        place = Place(
            self.path if path is None else path,
            self.line if line is None else line,
            self.column if column is None else column,
        )
        return replace(self, place=place)

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}:" if self.line is None else f"{self.path}:{self.line}:"
        text = f"{place} {self.severity}: {shortened(self.message)}".lstrip()
        return plain(f"{text}\n  {self.hint}" if self.hint else text)


_NOT_COMPLETE = frozenset({Code.INCLUDE_FAILED, Code.INCLUDE_CYCLE})


def lenient(problems: Iterable[Problem], ignored: Collection[Code] = ()) -> list[Problem]:
    """The problems as `build` and the preview report them: as warnings, since the deck can still be shown.

    A missing included file remains an error, because the deck is incomplete. `ignored` codes are left out.
    """
    return [
        problem if problem.code in _NOT_COMPLETE else replace(problem, weight=Severity.WARNING)
        for problem in problems
        if problem.code not in ignored
    ]
