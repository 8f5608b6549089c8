"""What castdeck has to know of a shell or an interpreter to type into it."""

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass

from castdeck.deck.interpreters import Interpreter
from castdeck.marks import WITH_PAGERS, WITHOUT_PAGERS, Marks

Opening = Callable[[Marks, int], str]
"""The line that makes it mark its prompts; the number is to be the process id that its marks tell."""


def exported(name: str, value: str) -> str:
    """The line of a POSIX shell that sets an environment variable."""
    return f"export {name}={shlex.quote(value)}"


@dataclass(frozen=True)
class ReplLanguage:
    """A shell or an interpreter.

    `programs` are the names of its processes. `prompt` and `more` match its prompts at the end of the last line that is
    shown. One without an `opening` can't mark: the recorder itself puts marks behind its prompts, once it waits at one.
    `pastes`: its line editor takes a bracketed paste; `accepts`: it says when it begins and ends to read a line.
    `start` is what starts it in a shell and `end` what ends it ("" for shells, which are never started by themselves).
    `export` makes the line that sets an environment variable; `pagers` are the lines that let programs use pagers, and
    that don't. One with `unfinished` gets all lines of a command at once: the command `checks` reads a text on stdin,
    and prints what `unfinished` matches if more is to come.
    `failed` matches what it prints when a command fails, where its marks don't tell; `shown_error`, where they do, what
    a transcript shows then.
    """

    name: str
    programs: frozenset[str]
    prompt: re.Pattern[str]
    opening: Opening | None = None
    more: re.Pattern[str] | None = None
    pastes: bool = False
    accepts: bool = False
    start: str = ""
    end: str = ""
    failed: re.Pattern[str] | None = None
    shown_error: re.Pattern[str] | None = None
    pagers: tuple[str, str] = (WITH_PAGERS, WITHOUT_PAGERS)
    checks: str = ""
    unfinished: re.Pattern[str] | None = None
    export: Callable[[str, str], str] = exported

    @property
    def is_shell(self) -> bool:
        """Whether it is a shell, whose `$?` stays while empty lines are entered."""
        return not self.end

    def fails(self, output: str) -> bool:
        """Whether that output tells of an error."""
        return self.failed is not None and bool(self.failed.search(output))

    def expects_error(self, transcript: str) -> bool:
        """Whether a transcript shows an error."""
        pattern = self.failed or self.shown_error
        return pattern is not None and bool(pattern.search(transcript))


def prompts(interpreter: Interpreter) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """An interpreter's prompts as they stand at the end of what a terminal shows."""
    return re.compile(rf"{interpreter.prompt} ?\Z"), re.compile(rf"{interpreter.more} *\Z")
