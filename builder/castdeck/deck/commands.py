"""What is typed when a block runs: its lines without prompts and expected output, placeholders filled."""

import re
from collections.abc import Mapping

from castdeck.deck.model import CommandLine

_PROMPT = re.compile(r"\s{0,3}[$#] (.*)")
_MORE = re.compile(r"> ?(.*)")
_DIRECTIVE = re.compile(r"\s*#\$ ")


def shown_code(code: str) -> str:
    """The code as the slide shows it: without directives."""
    return "".join(line for line in code.splitlines(keepends=True) if not _DIRECTIVE.match(line))


def command_lines(code: str, language: str, first_line: int, fills: Mapping[str, str]) -> tuple[CommandLine, ...]:
    """The lines to type. `first_line` is the code's first line in the source, from 1."""
    lines = [CommandLine(text, number) for number, text in enumerate(code.split("\n"), first_line)]
    if language == "console" or any(line.text.startswith("$ ") for line in lines):
        lines = _prompted(lines)
    while lines and not lines[0].text.strip():
        lines.pop(0)
    while lines and not lines[-1].text.strip():
        lines.pop()
    return tuple(CommandLine(_filled(line.text.rstrip("\r"), fills), line.line) for line in lines)


def _prompted(lines: list[CommandLine]) -> list[CommandLine]:
    commands: list[CommandLine] = []
    after_command = False
    for line in lines:
        more = _MORE.fullmatch(line.text)
        if _DIRECTIVE.match(line.text):
            commands.append(line)
        elif prompt := _PROMPT.fullmatch(line.text):
            commands.append(CommandLine(prompt[1], line.line))
            after_command = True
        elif more and after_command:
            commands.append(CommandLine(more[1], line.line))
        else:
            after_command = False
    return commands


def _filled(text: str, fills: Mapping[str, str]) -> str:
    for name, value in fills.items():
        text = text.replace(f"<{name}>", value)
    return text
