"""What is typed when a block runs: its lines without prompts, with the output they expect, placeholders filled."""

import re
from collections.abc import Mapping
from dataclasses import replace

from castdeck.deck.model import CommandLine

_PROMPT = re.compile(r"\s{0,3}([$#]) (.*)")
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
    return tuple(replace(line, text=_filled(line.text.rstrip("\r"), fills)) for line in lines)


def _prompted(lines: list[CommandLine]) -> list[CommandLine]:
    commands: list[CommandLine] = []
    expected: list[str] = []
    after_command = False
    for line in [*lines, CommandLine("$ ", 0)]:
        more = _MORE.fullmatch(line.text)
        prompt = _PROMPT.fullmatch(line.text)
        if (prompt or _DIRECTIVE.match(line.text)) and expected:
            last = max(number for number, command in enumerate(commands) if not _DIRECTIVE.match(command.text))
            commands[last] = replace(commands[last], expected=tuple(_without_blank_ends(expected)))
            expected = []
        if _DIRECTIVE.match(line.text):
            commands.append(line)
        elif prompt:
            commands.append(CommandLine(prompt[2], line.line, as_root=prompt[1] == "#"))
            after_command = True
        elif more and after_command:
            commands.append(CommandLine(more[1], line.line, as_root=commands[-1].as_root))
        else:
            after_command = False
            expected += [line.text.rstrip("\r")] if commands else []
    return commands[:-1]


def _without_blank_ends(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return lines


def _filled(text: str, fills: Mapping[str, str]) -> str:
    for name, value in fills.items():
        text = text.replace(f"<{name}>", value)
    return text
