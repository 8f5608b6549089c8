"""Decides whether a block's code can be run: it may be output, a synopsis, or commands for another program."""

import re
from collections.abc import Iterator
from itertools import pairwise

from castdeck.deck.arguments import find_lacking, find_waiting
from castdeck.deck.bash import Script, read_bash, waits_for_more
from castdeck.deck.commands import Reading
from castdeck.deck.listed_settings import listed_settings
from castdeck.deck.model import Role
from castdeck.deck.parameters import find_parameter
from castdeck.deck.placeholders import find_pattern, find_placeholder
from castdeck.deck.plausible import first_implausible
from castdeck.deck.programs import KNOWN, PACKAGE_MANAGERS, SYSTEMS
from castdeck.deck.prompts import is_dialogue, is_other_prompt
from castdeck.deck.skip import Reason, Skip

_FAILS = (Reason.REFUSED, Reason.OUTPUT, Reason.NOT_SHELL, Reason.LACKS_ARGUMENTS)
_IN_BASH = (*_FAILS, Reason.UNFINISHED)
_OR = re.compile(r"(?:(?:or|alternatively|ou|oder|o bien|oppure|или)\b|または|もしくは|或者?|أو)", re.IGNORECASE)
_BACKSLASH = re.compile(r"(?<!\\)\\$")
_GAP = re.compile(r"\?{2,}|_{3,}")
_SHORT = 6  # words of a comment


def why_not_run(reading: Reading, in_bash: bool = True, may_fail: bool = False, has_input: bool = False) -> Skip | None:
    """The reason not to run it; None if it can be run.

    Where it is not typed `in_bash`, what bash would refuse is no reason, nor a command that nobody knows. Neither is
    where the author says that it `may_fail`, unless bash would wait for its end. It `has_input` where the author says
    what is typed into its programs.
    """
    aside = set(_IN_BASH if not in_bash else _FAILS if may_fail else ())
    if has_input or any(line.role is Role.DIRECTIVE for line in reading.source):
        aside.add(Reason.LACKS_INPUT)
    return next((skip for skip in _reasons(reading) if skip.reason not in aside), None)


def _reasons(reading: Reading) -> Iterator[Skip]:
    shown = [line for line in reading.source if line.text.strip()]
    first = reading.lines[0].line if reading.lines else reading.first_line
    if not shown:
        return
    if dialogue := _dialogue(reading):
        yield dialogue
    if reading.unprompted:
        yield Skip(Reason.MIXED_PROMPTS, line=reading.unprompted)
    if not reading.lines:
        yield Skip(Reason.NO_PROMPT, line=first)
        return
    lines = [line for line in reading.lines if not line.interpreter and not line.is_directive]
    code = "\n".join(line.text for line in lines)
    if not reading.is_session and (found := _first_line(code)):
        row, text = found
        if text.startswith("#!"):
            yield Skip(Reason.SCRIPT, text, lines[row].line)
        if is_other_prompt(text):
            yield Skip(Reason.OTHER_PROMPT, text.split()[0], lines[row].line)
    if not reading.is_session and (parameter := find_parameter(code)):
        yield Skip(Reason.SCRIPT, parameter[0], lines[parameter[1]].line)
    script = read_bash(code)
    pattern, placeholder = find_pattern(script), find_placeholder(script)
    stand_ins = [found for found in (pattern, placeholder) if found]
    command = None if reading.is_session else first_implausible(script)
    if command and not any(found.row < command.row or command.name in found.word for found in stand_ins):
        reason = Reason.OUTPUT if command in script.commands[1:] else Reason.NOT_SHELL
        yield Skip(reason, command.written, lines[command.row].line)
    if pattern:
        yield Skip(Reason.SYNOPSIS, pattern.word, lines[pattern.row].line)
    if placeholder:
        reason = Reason.PLACEHOLDER if placeholder.name else Reason.STAND_IN
        yield Skip(reason, placeholder.word, lines[placeholder.row].line, placeholder.name)
    if script.error_row is not None:
        row = min(script.error_row, len(lines) - 1)
        reason = Reason.UNFINISHED if waits_for_more(code) else Reason.REFUSED
        yield Skip(reason, lines[row].text.strip(), lines[row].line)
    if gap := next((one for one in script.comments if _GAP.fullmatch(one.text)), None):
        yield Skip(Reason.EXERCISE, f"# {gap.text}", lines[gap.row].line)
    if (broken := _broken_line(script)) is not None:
        yield Skip(Reason.BROKEN_LINE, lines[broken].text.strip(), lines[broken].line)
    if lacking := find_lacking(script):
        yield Skip(Reason.LACKS_ARGUMENTS, lacking.name, lines[lacking.row].line)
    if waiting := find_waiting(script):
        yield Skip(Reason.LACKS_INPUT, waiting.name, lines[waiting.row].line)
    if others := _alternatives(script) or _or_among_prompts(reading):
        yield Skip(Reason.ALTERNATIVES, others, first)
    if not _has_command(script, reading):
        yield Skip(Reason.COMMENTS, line=first)
    if not reading.is_session and (names := listed_settings(script)):
        yield Skip(Reason.SETTINGS, f"${names[0]}", first)


def _dialogue(reading: Reading) -> Skip | None:
    """Find input for an interpreter in the middle of a session, which no directive types."""
    roles = [line.role for line in reading.source]
    if not reading.is_session or Role.DIRECTIVE in roles:
        return None
    for row, line in enumerate(reading.source):
        if line.role is Role.OUTPUT and is_dialogue(line.text.strip()):
            return Skip(Reason.OTHER_PROMPT, line.text.split()[0], reading.first_line + row)
    return None


def _first_line(code: str) -> tuple[int, str] | None:
    """The first line that is neither blank nor a comment (`#!` is not a comment)."""
    for row, text in enumerate(code.split("\n")):
        if text.strip() and not re.match(r"\s*#(?!!)", text):
            return row, text.strip()
    return None


def _broken_line(script: Script) -> int | None:
    """The row of a command that does not go on, because its backslash is not the last on its line."""
    rows = script.bare.split("\n")
    return next((one.row for one in script.comments if _BACKSLASH.search(rows[one.row].rstrip())), None)


def _alternatives(script: Script) -> str:
    """Find evidence that the commands are alternatives: package managers, operating systems, a comment `or`."""
    for command in script.commands:
        either = command.name.split("/")
        if len(either) > 1 and not command.name.startswith(".") and KNOWN.issuperset(either):
            return ", ".join(either)
    names = [name for command in script.commands for name in _programs(command.name, command.arguments)]
    managers = {PACKAGE_MANAGERS[name]: name for name in reversed(names) if name in PACKAGE_MANAGERS}
    if len(managers) > 1:
        return ", ".join(reversed(managers.values()))
    named = list(dict.fromkeys(_systems_of_commands(script)))
    if len(named) > 1:
        return ", ".join(named)
    alone = {one.row for one in script.comments if one.is_alone}
    above = {command.row for command in script.commands}
    between = (one for one in script.comments if one.row in alone and one.row - 1 not in alone)
    return next((f"# {one.text}" for one in between if _OR.match(one.text) and above and min(above) < one.row), "")


def _or_among_prompts(reading: Reading) -> str:
    """A comment `or` between the commands of a session."""
    for above, line in pairwise(reading.source):
        is_first = line.role is Role.COMMENT and above.role is not Role.COMMENT
        if is_first and _OR.match(line.text.lstrip("# \t")):
            return line.text.strip()
    return ""


def _systems_of_commands(script: Script) -> list[str]:
    """The operating systems that comments name, if the first of them has commands below its comment."""
    found = [(comment.row, _systems(comment.text)) for comment in script.comments]
    named = [(row, next(iter(systems))) for row, systems in found if len(systems) == 1]
    has_commands = named and any(command.row >= named[0][0] for command in script.commands)
    return [system for _, system in named] if has_commands else []


def _systems(comment: str) -> set[str]:
    """The operating systems named in a short comment, such as `On macOS:`."""
    words = re.findall(r"[a-z]+", comment.lower().replace("os x", "osx"))
    return {SYSTEMS[word] for word in words if word in SYSTEMS} if len(words) <= _SHORT else set()


def _programs(name: str, arguments: tuple[str, ...]) -> Iterator[str]:
    """The program that a command runs, directly or through sudo, and those after a slash (`apt install x / yum install
    x`)."""
    yield next((one for one in arguments if not one.startswith("-")), name) if name in ("sudo", "doas") else name
    yield from (after for before, after in pairwise(arguments) if before in ("/", "or"))


def _has_command(script: Script, reading: Reading) -> bool:
    bare = script.bare.strip()
    return bool(bare) or any(line.role is Role.DIRECTIVE for line in reading.source)
