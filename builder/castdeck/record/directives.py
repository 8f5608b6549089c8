"""Directives, the lines `#$ ...` of a block: input for the running program, in asciinema-automation's language."""

import re
import shlex
import time
from dataclasses import dataclass
from typing import Protocol

import pexpect

from castdeck.deck.model import DIRECTIVE, CommandLine
from castdeck.deck.numbers import number_of
from castdeck.errors import DeckError
from castdeck.linear import linear
from castdeck.record.keys import is_ready_for_keys, shows
from castdeck.record.shell import Shell

_KNOWN = (
    "expect TEXT, send TEXT, sendline TEXT, sendcontrol KEY, sendarrow DIRECTION [TIMES], wait MILLISECONDS, inside"
)
_ARROW = re.compile(r"(up|down|left|right)(?: +(\d{1,3}))?")
_ARROWS = {"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D"}
_CONTROL = re.compile(r"[A-Za-z@\[\\\]^_?]")
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3})|([\\'\"abefnrtv]))")
_ESCAPED = dict(zip("\\'\"abefnrtv", "\\'\"\a\b\x1b\f\n\r\t\v", strict=True))
_SIGNALS = {"\x03": 130, "\x1c": 131, "\x1a": 148}  # with the status of a program ended by it
_KEY = re.compile(r"\x1b\[.|\x1b.|.", re.DOTALL)
_PACE = 0.06  # seconds from key to key


class NotShown(Exception):
    """A directive failed: its line and the reason."""

    def __init__(self, line: CommandLine, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


class Directive(Protocol):
    """An action while a program runs."""

    @property
    def makes(self) -> int:
        """The exit status that it may cause, or -1."""

    def perform(self, shell: Shell) -> None:
        """Carry it out. Raises NotShown."""


@dataclass(frozen=True)
class Keys:
    """Types keys, at a typist's pace, once the program is waiting."""

    line: CommandLine
    keys: str

    @property
    def makes(self) -> int:
        """A key that sends a signal ends the program with a status of its own."""
        return next((_SIGNALS[key] for key in self.keys if key in _SIGNALS), -1)

    def perform(self, shell: Shell) -> None:
        """Wait until the program reads keys, and press them."""
        if not is_ready_for_keys(shell, is_signal=self.makes >= 0):
            raise NotShown(self.line, f"the command had ended before {self.line.text.strip()}")
        for number, key in enumerate(_KEY.findall(self.keys)):
            if number:
                time.sleep(_PACE)
            shell.process.send(key)


@dataclass(frozen=True)
class Wait:
    """Waits for a while, for a program without output."""

    seconds: float
    makes: int = -1

    def perform(self, shell: Shell) -> None:
        """Wait."""
        shell.rest(self.seconds)


@dataclass(frozen=True)
class Inside:
    """Says that the lines that follow are for the program that the command runs."""

    makes: int = -1

    def perform(self, shell: Shell) -> None:
        """Nothing: its prompt is waited for as for any command's end."""


@dataclass(frozen=True)
class Expect:
    """Waits until the program shows something."""

    line: CommandLine
    pattern: str
    timeout: float
    makes: int = -1

    def perform(self, shell: Shell) -> None:
        """Wait for it. Raises NotShown."""
        began = time.monotonic()
        try:
            if shows(shell, self.pattern, self.timeout):
                return
            reason = "the command ended without showing it"
        except pexpect.TIMEOUT:
            seconds = min(self.timeout, round(time.monotonic() - began, 1))
            reason = f"was not shown within {seconds:g} s"
        raise NotShown(self.line, reason)


def read_directive(line: CommandLine, timeout: float) -> Directive:
    """Parse a directive; `timeout` (in seconds) is for `expect`. Raises DeckError."""
    name, _, argument = line.text.lstrip().removeprefix(DIRECTIVE).strip().partition(" ")
    if name == "expect" and argument:
        return Expect(line, _pattern(argument, line), timeout)
    if name == "send" and argument:
        return Keys(line, _unescaped(_unquoted(argument)))
    if name == "sendline":
        return Keys(line, f"{_unescaped(_unquoted(argument))}\r")
    if name == "sendcontrol" and _CONTROL.fullmatch(argument):
        return Keys(line, chr(ord(argument.upper()) ^ 64))
    if name == "sendarrow" and (arrow := _ARROW.fullmatch(argument)):
        return Keys(line, _ARROWS[arrow[1]] * int(arrow[2] or 1))
    if name == "inside" and not argument:
        return Inside()
    if name == "wait" and (milliseconds := number_of(argument)) is not None:
        return Wait(milliseconds / 1000)
    raise DeckError(f"not a directive: {line.text.strip()}", line=line.line, hint=f"known: {_KNOWN}")


def _pattern(argument: str, line: CommandLine) -> str:
    text = _unquoted(argument)
    try:
        linear(text.encode())
    except ValueError as error:
        raise DeckError(f"not a regular expression: {text} ({error})", line=line.line) from error
    return text


def _unescaped(text: str) -> str:
    r"""The keys that are written as `\x1b`, `\u00e9`, `\033`, `\e` or `\n`, as asciinema-automation has them."""

    def key(found: re.Match[str]) -> str:
        number = found[1] or found[2]
        return chr(int(number, 16)) if number else chr(int(found[3], 8)) if found[3] else _ESCAPED[found[4]]

    return _ESCAPE.sub(key, text)


def _unquoted(argument: str) -> str:
    try:
        words = shlex.split(argument)
    except ValueError:
        return argument
    return words[0] if len(words) == 1 and argument[0] in "\"'" else argument
