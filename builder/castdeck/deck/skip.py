"""Why a block is not run."""

from dataclasses import dataclass
from enum import Enum


class Reason(Enum):
    """Each reason, with its wording. To add one: a line here, and the place that finds it."""

    NORUN = "it is marked .norun"
    PLACEHOLDER = '{word} is not filled (line {line}); fill.{name}="value" would run it'
    SYNOPSIS = "a synopsis, by its {word} (line {line})"
    EMPTY = "it is empty"
    NO_INTERNET = "it needs the internet, and the machine has none"


@dataclass(frozen=True)
class Skip:
    """A reason, with the word that gives it away and its line in the file, from 1."""

    reason: Reason
    word: str = ""
    line: int = 0

    def __str__(self) -> str:
        return self.reason.value.format(word=self.word, line=self.line, name=self.word[1:-1])
