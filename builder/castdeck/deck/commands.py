"""What a block's code says to type: its commands without prompts, each with the output that it is expected to print."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from castdeck.deck.model import CommandLine, Role, SourceLine
from castdeck.deck.plausible import are_well_known, looks_like_command
from castdeck.deck.session import DIRECTIVE, Read, read_session, session_prompts, span

_INDENT = re.compile(r"[^\S\r\n]+")
_BLANKS_BEHIND = re.compile(r"(?<=[^\\]\\)[ \t]+$")


@dataclass(frozen=True)
class Reading:
    """A block's code, read: the lines to type, what each of its lines is, whether it shows a session with prompts.

    `first_line` is the code's first line in the file, from 1; `unprompted` that of a command before the first prompt.
    """

    lines: tuple[CommandLine, ...]
    source: tuple[SourceLine, ...]
    first_line: int
    is_session: bool
    unprompted: int | None = None


def shown_code(code: str) -> str:
    """The code as the slide shows it: without directives."""
    return "".join(line for line in code.splitlines(keepends=True) if not DIRECTIVE.match(line))


def read_code(code: str, language: str, first_line: int, fills: Mapping[str, str]) -> Reading:
    """Read a block's code. `first_line` is the code's first line in the file, from 1."""
    texts = [_as_meant(text) for text in code.removesuffix("\n").split("\n")]
    prompts = session_prompts(texts, language)
    is_session = any(prompts) or (language == "console" and not are_well_known(code))
    if is_session:
        read = list(read_session(texts, prompts))
    else:
        read = [Read(_role(text), text, CommandLine(text, 0)) for text in texts]
    lines = [replace(one.typed, line=first_line + row) for row, one in enumerate(read) if one.typed]
    first = next((row for row, prompt in enumerate(prompts) if prompt), len(texts))
    before = [row for row in range(first) if read[row].role is Role.OUTPUT and looks_like_command(texts[row])]
    filled = _filled(lines[slice(*span([line.text for line in lines]))], fills)
    source = tuple(SourceLine(one.role, one.text) for one in read)
    return Reading(filled, source, first_line, is_session, first_line + before[0] if before and any(prompts) else None)


def _as_meant(text: str) -> str:
    """The line without what can't be seen and would break it: no-break spaces in front, blanks behind a backslash."""
    indent = _INDENT.match(text)
    if indent and not indent[0].isascii():
        text = " " * indent.end() + text[indent.end() :]
    return _BLANKS_BEHIND.sub("", text.rstrip("\r"))


def _role(text: str) -> Role:
    if DIRECTIVE.match(text):
        return Role.DIRECTIVE
    return Role.TYPED if text.strip() else Role.NOTHING


def _filled(lines: Sequence[CommandLine], fills: Mapping[str, str]) -> tuple[CommandLine, ...]:
    """The lines with their placeholders filled: `<NAME>`, or the word NAME where `<NAME>` stands nowhere."""
    whole = "\n".join(line.text for line in lines)
    texts = [line.text for line in lines]
    for name, value in fills.items():
        if f"<{name}>" in whole:
            texts = [text.replace(f"<{name}>", value) for text in texts]
        else:
            word = re.compile(rf"(?<![\w$-]){re.escape(name)}(?![\w-])")
            texts = [word.sub(value.replace("\\", r"\\"), text) for text in texts]
    return tuple(replace(line, text=text) for line, text in zip(lines, texts, strict=True))
