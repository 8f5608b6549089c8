"""Reasons for not running a block."""

from dataclasses import dataclass
from enum import Enum

_BOTH_WAYS = "{.run} runs it as it stands; {.norun} says that it is only shown"


class Reason(Enum):
    """Each reason with its wording and its remedy. To add one, add a line here and the code that finds it."""

    NORUN = ("it is marked .norun", "")
    CHECK = ("it is a check, for participants to press", "")
    PLACEHOLDER = ("nothing fills {word}", '{{fill.{name}="value"}} runs it with a value; {both}')
    STAND_IN = ("{word} stands for something else", "{both}")
    SYNOPSIS = ("a synopsis, by its {word}", "{both}")
    LACKS_ARGUMENTS = ("{word} lacks arguments", "{{exit=1}} runs it, to show what it says; {both}")
    LACKS_INPUT = ("nothing gives {word} its input", "`#$ sendline TEXT` below it types some; {both}")
    SCRIPT = ("the listing of a script, by its {word}", "{both}")
    OTHER_PROMPT = (
        "{word} is the prompt of another program than a shell",
        "`#$ sendline TEXT` types into a program; {both}",
    )
    NOT_SHELL = ("{word} is no command", "{both}")
    OUTPUT = (
        "this looks like output: {word}",
        "write `$ ` before each command, then the rest is output; {both}",
    )
    SETTINGS = (
        "it only lists settings, and no block uses {word}",
        '{{file=".env"}} writes them into a file; {both}',
    )
    REFUSED = ("bash would refuse it: {word}", "{{exit=2}} runs it, to show what bash says; {both}")
    UNFINISHED = ("bash would wait for the rest of it: {word}", "{both}")
    EXERCISE = ("{word} is a gap that readers fill", "{both}")
    BROKEN_LINE = (
        "a comment follows the backslash that should end its line: {word}",
        "put the comment above the command; {both}",
    )
    ALTERNATIVES = (
        "its commands are alternatives: {word}",
        "make a block of each; {both}",
    )
    MIXED_PROMPTS = (
        "a command without a prompt, and other lines have one",
        "give each command a prompt, or none; {{.norun}} says that it is only shown",
    )
    NO_PROMPT = (
        "no line has a prompt, so all of it is output",
        "write `$ ` before each command; {both}",
    )
    COMMENTS = (
        "it has only comments",
        "a `console` block takes `# ` for root's prompt; {{.norun}} says that it is only shown",
    )
    EMPTY = ("it is empty", "")
    NO_INTERNET = ("it needs the internet, and the machine has none", "")


@dataclass(frozen=True)
class Skip:
    """A reason, with the word that triggered it and its line in the file (from 1).

    `name` is the word's name in a `fill.` attribute; "" if it can't be filled.
    """

    reason: Reason
    word: str = ""
    line: int = 0
    name: str = ""

    @property
    def why(self) -> str:
        """The reason in words."""
        wording: str = self.reason.value[0]
        return wording.format(word=self.word)

    @property
    def hint(self) -> str:
        """The remedy."""
        name = self.name if self.name.isidentifier() else f'"{self.name}"'
        wording: str = self.reason.value[1]
        return wording.format(name=name, both=_BOTH_WAYS)

    def __str__(self) -> str:
        return f"{self.why} (line {self.line})" if self.line else self.why
