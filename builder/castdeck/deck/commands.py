"""Extracts the commands from a block's code: without prompts, each with its expected output."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from castdeck.deck.bash import read_bash
from castdeck.deck.model import CommandLine, Role, SourceLine, is_directive
from castdeck.deck.plausible import are_well_known, first_implausible, looks_like_command
from castdeck.deck.session import Read, read_session, session_prompts, span

_WITH_OPTION = re.compile(r"[a-z][\w.-]* (?:[\w./-]+ )*--?[a-z]")
_INDENT = re.compile(r"[^\S\r\n]+")
_BLANKS_BEHIND = re.compile(r"(?<=[^\\]\\)[ \t]+$")


@dataclass(frozen=True)
class Reading:
    """A block's code after reading: the lines to type, the role of every line, and whether it has prompts.

    `first_line` is the line of the code's beginning in the file (from 1); `unprompted` that of a command before the
    first prompt.
    """

    lines: tuple[CommandLine, ...]
    source: tuple[SourceLine, ...]
    first_line: int
    is_session: bool
    unprompted: int | None = None


def shown_code(code: str) -> str:
    """The code as shown on the slide, without directives."""
    return "".join(line for line in code.splitlines(keepends=True) if not is_directive(line))


def read_code(code: str, language: str, first_line: int, fills: Mapping[str, str]) -> Reading:
    """Read a block's code, which begins at `first_line` of the file (from 1)."""
    texts = [_as_meant(text) for text in code.removesuffix("\n").split("\n")]
    prompts = session_prompts(texts, language)
    is_session = any(prompts) or (language == "console" and not are_well_known(code))
    if is_session:
        read = list(read_session(texts, prompts))
    else:
        read = [Read(_role(text), text, CommandLine(text, 0)) for text in texts]
    lines = [replace(one.typed, line=first_line + row) for row, one in enumerate(read) if one.typed]
    first = next((row for row, prompt in enumerate(prompts) if prompt), len(texts))
    before = [row for row in range(first) if read[row].role is Role.OUTPUT and _is_command(texts[row])]
    to_type = filled(lines[slice(*span([line.text for line in lines]))], fills)
    source = tuple(SourceLine(one.role, one.text) for one in read)
    return Reading(to_type, source, first_line, is_session, first_line + before[0] if before and any(prompts) else None)


def _is_command(text: str) -> bool:
    return looks_like_command(text) or (bool(_WITH_OPTION.match(text)) and first_implausible(read_bash(text)) is None)


def _as_meant(text: str) -> str:
    """Remove invisible characters that would break the line: leading no-break spaces, blanks after a backslash."""
    indent = _INDENT.match(text)
    if indent and not indent[0].isascii():
        text = " " * indent.end() + text[indent.end() :]
    return _BLANKS_BEHIND.sub("", text.rstrip("\r"))


def _role(text: str) -> Role:
    if is_directive(text):
        return Role.DIRECTIVE
    return Role.TYPED if text.strip() else Role.NOTHING


def filled(lines: Sequence[CommandLine], fills: Mapping[str, str]) -> tuple[CommandLine, ...]:
    """Fill placeholders: `<NAME>`, or the bare word NAME if `<NAME>` does not occur."""
    whole = "\n".join(line.text for line in lines)
    texts = [line.text for line in lines]
    for name, value in fills.items():
        if f"<{name}>" in whole:
            texts = [text.replace(f"<{name}>", value) for text in texts]
        else:
            word = re.compile(rf"(?<![\w$-]){re.escape(name)}(?![\w-])")
            texts = [word.sub(value.replace("\\", r"\\"), text) for text in texts]
    return tuple(replace(line, text=text) for line, text in zip(lines, texts, strict=True))
