"""The lines `#$ ...` of a block: keys for the program that its command runs, in asciinema-automation's own words."""

import re
import shlex
import time
from dataclasses import dataclass

from asciinema_automation.instruction import ExpectInstruction, SendArrowInstruction
from asciinema_automation.script import Instruction, Script

from castdeck.deck.model import CommandLine
from castdeck.errors import DeckError

DIRECTIVE = "#$ "
_KNOWN = "expect TEXT, send TEXT, sendline TEXT, sendcontrol KEY, sendarrow DIRECTION [TIMES], wait MILLISECONDS"
_ARROW = re.compile(r"(up|down|left|right)(?: +(\d+))?")
_CONTROL = re.compile(r"[A-Za-z@\[\\\]^_?]")


@dataclass
class SendKeys(Instruction):
    """Types text as it is: without waiting for its echo, which a program may not give."""

    text: str

    def run(self, script: Script) -> None:
        script.process.send(self.text)


@dataclass
class Wait(Instruction):
    """Lets a program that tells nothing be looked at for a while."""

    seconds: float

    def run(self, script: Script) -> None:
        time.sleep(self.seconds)


def read_directive(line: CommandLine, timeout: float) -> Instruction:
    """The instruction that a line stands for; `timeout` in seconds is for what it expects. Raises DeckError."""
    name, _, argument = line.text.removeprefix(DIRECTIVE).strip().partition(" ")
    if name == "expect" and argument:
        return ExpectInstruction(_pattern(argument, line), timeout)
    if name == "send" and argument:
        return SendKeys(_unquoted(argument))
    if name == "sendline":
        return SendKeys(f"{_unquoted(argument)}\r")
    if name == "sendcontrol" and _CONTROL.fullmatch(argument):
        return SendKeys(chr(ord(argument.upper()) ^ 64))
    if name == "sendarrow" and (arrow := _ARROW.fullmatch(argument)):
        return SendArrowInstruction(arrow[1], int(arrow[2] or 1))
    if name == "wait" and argument.isdecimal():
        return Wait(int(argument) / 1000)
    raise DeckError(f"not a directive: {line.text.strip()}", line=line.line, hint=f"known: {_KNOWN}")


def _pattern(argument: str, line: CommandLine) -> str:
    text = _unquoted(argument)
    try:
        re.compile(text)
    except re.error as error:
        raise DeckError(f"not a regular expression: {text} ({error})", line=line.line) from error
    return text


def _unquoted(argument: str) -> str:
    try:
        words = shlex.split(argument)
    except ValueError:
        return argument
    return words[0] if len(words) == 1 and argument[0] in "\"'" else argument
