"""A problem as a value: what is wrong, where, and what to do about it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from castdeck.codes import Code, Severity

_CONTROLS = {number: f"\\x{number:02x}" for number in (*range(9), *range(11, 32), *range(127, 160))}
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_SPELT = _CONTROLS | {number: f"\\u{number:04x}" for number in _DIRECTIONS}


def plain(text: str) -> str:
    """The text with control codes (but tabs and line ends) spelt out: none from a machine gets to a terminal.

    So are characters that turn the direction of writing around, and other line ends.
    """
    return text.translate(_SPELT)


def drawn(text: str) -> str:
    """The text as one line in which every character is seen: for what somebody is asked to agree to."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


@dataclass(frozen=True)
class Place:
    """Where in which file; `line` and `column` count from 1. None for what is not known, or not about one line."""

    path: Path | None = None
    line: int | None = None
    column: int | None = None


NOWHERE = Place()


@dataclass(frozen=True)
class Problem:
    """One thing to tell the author about a place in a file.

    `hint` says what to do next. `word` is what the problem is about, as it stands
    in the file: its column is found by it. `weight` replaces the code's severity.
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
        """The same problem at another place; what is not given stays."""
        place = Place(
            self.path if path is None else path,
            self.line if line is None else line,
            self.column if column is None else column,
        )
        return replace(self, place=place)

    def __str__(self) -> str:
        place = "" if self.path is None else f"{self.path}:" if self.line is None else f"{self.path}:{self.line}:"
        text = f"{place} {self.severity}: {self.message}".lstrip()
        return plain(f"{text}\n  {self.hint}" if self.hint else text)


_NOT_COMPLETE = frozenset({Code.INCLUDE_FAILED, Code.INCLUDE_CYCLE})


def lenient(problems: Iterable[Problem], ignored: Collection[Code] = ()) -> list[Problem]:
    """The problems as `build` and the preview report them: those of a deck that can be shown are only warnings.

    A deck without the files that it includes is not complete, so that remains an error. `ignored` ones are left out.
    """
    return [
        problem if problem.code in _NOT_COMPLETE else replace(problem, weight=Severity.WARNING)
        for problem in problems
        if problem.code not in ignored
    ]
