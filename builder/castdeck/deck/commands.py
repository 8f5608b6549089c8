"""What a block's code says to type: its commands without prompts, each with the output that it is expected to print."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from castdeck.deck.bash import is_whole, quoted_rows
from castdeck.deck.model import CommandLine, Role, SourceLine
from castdeck.deck.plausible import are_well_known, looks_like_command, looks_like_output
from castdeck.deck.prompts import Prompt, read_prompt

_MORE = re.compile(r"\s*> ?(.*)")
_DIRECTIVE = re.compile(r"\s*#\$ ")
_COMMENT = re.compile(r"\s*#(?!!)")
_OPENS_SHELL = re.compile(
    r"""
    \s*(?: sudo\s+(?:-[is]\b|su\b|(?:ba|z)?sh\b)
        | (?:su|ssh|chroot|nsenter|unshare|machinectl|newgrp|(?:ba|z|da|a)?sh)\b
        | .*\s(?:-[a-z]*[it][a-z]*|--interactive|--tty)\b )
    """,
    re.VERBOSE,
)
_INDENT = re.compile(r"[^\S\r\n]+")  # no-break spaces come with copied text, and bash takes them for letters
_MOST_LINES = 100  # of one command
_MOST_INDENT = 3


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
    return "".join(line for line in code.splitlines(keepends=True) if not _DIRECTIVE.match(line))


def read_code(code: str, language: str, first_line: int, fills: Mapping[str, str]) -> Reading:
    """Read a block's code. `first_line` is the code's first line in the file, from 1."""
    texts = [_indented(text.rstrip("\r")) for text in code.removesuffix("\n").split("\n")]
    prompts = _session_prompts(texts, language)
    is_session = any(prompts) or (language == "console" and not are_well_known(code))
    if is_session:
        read = list(_session(texts, prompts))
    else:
        read = [_Read(_role(text), text, CommandLine(text, 0)) for text in texts]
    lines = [replace(one.typed, line=first_line + row) for row, one in enumerate(read) if one.typed]
    first = next((row for row, prompt in enumerate(prompts) if prompt), len(texts))
    before = [row for row in range(first) if read[row].role is Role.OUTPUT and looks_like_command(texts[row])]
    filled = _filled(lines[slice(*_ends([line.text for line in lines]))], fills)
    source = tuple(SourceLine(one.role, one.text) for one in read)
    return Reading(filled, source, first_line, is_session, first_line + before[0] if before and any(prompts) else None)


@dataclass(frozen=True)
class _Read:
    role: Role
    text: str
    typed: CommandLine | None = None


def _indented(text: str) -> str:
    indent = _INDENT.match(text)
    return text if not indent or indent[0].isascii() else " " * indent.end() + text[indent.end() :]


def _role(text: str) -> Role:
    if _DIRECTIVE.match(text):
        return Role.DIRECTIVE
    return Role.TYPED if text.strip() else Role.NOTHING


def _session_prompts(texts: Sequence[str], language: str) -> list[Prompt | None]:
    """The prompt of each line that has one; none at all where the code is no session."""
    prompts = [read_prompt(text) for text in texts]
    first = next((prompt for prompt in prompts if prompt), None)
    most = max(_MOST_INDENT, first.indent if first else 0)
    prompts = [prompt if prompt and prompt.indent <= most else None for prompt in prompts]
    if language != "console":
        prompts = _outside_quotes(texts, prompts)
    if any(prompt and not prompt.may_be_comment for prompt in prompts):
        return [prompt if prompt and _counts(prompt, in_bash=language != "console") else None for prompt in prompts]
    roots = [prompt if prompt and looks_like_command(prompt.command) else None for prompt in prompts]
    rest = [text for text, prompt in zip(texts, prompts, strict=True) if not prompt and text.strip()]
    if looks_like_output("\n".join(rest)) if rest else language == "console" or any(one.name for one in roots if one):
        return roots
    return [None] * len(texts)


def _counts(prompt: Prompt, in_bash: bool) -> bool:
    """Whether it is a prompt in a session that has others, of a user."""
    if not prompt.may_be_comment:
        return True
    return bool(prompt.name or not in_bash) and (not prompt.command or looks_like_command(prompt.command))


def _outside_quotes(texts: Sequence[str], prompts: list[Prompt | None]) -> list[Prompt | None]:
    """Without those inside a here-document or quoted text of commands that have no prompt."""
    first = next((row for row, prompt in enumerate(prompts) if prompt and not prompt.may_be_comment), 0)
    if not any(text.strip() and not _COMMENT.match(text) for text in texts[:first]):
        return prompts
    quoted = quoted_rows("\n".join(texts))
    return [None if row in quoted else prompt for row, prompt in enumerate(prompts)]


def _session(texts: Sequence[str], prompts: Sequence[Prompt | None]) -> Iterator[_Read]:
    """Each line of a session, read; what a command is expected to print is at its last line."""
    row = 0
    is_inside = False
    while row < len(texts):
        prompt = prompts[row]
        if prompt and prompt.command.strip():
            end = _end_of_command(texts, prompts, row)
            is_inside = is_inside and prompt.is_roots
            as_root = prompt.is_roots and not is_inside and not prompt.is_inside
            role = Role.ROOT if as_root else Role.TYPED
            typed = [prompt.command, *map(_more, texts[row + 1 : end])]
            expected = _expected(texts, prompts, end)
            for number, text in enumerate(typed):
                line = CommandLine(text, 0, as_root, expected if number == len(typed) - 1 else ())
                yield _Read(Role.MORE if number else role, texts[row + number], line)
            is_inside = is_inside or bool(_OPENS_SHELL.match(prompt.command))
            row = end
        elif _DIRECTIVE.match(texts[row]):
            yield _Read(Role.DIRECTIVE, texts[row], CommandLine(texts[row], 0))
            row += 1
        else:
            yield _Read(_untyped_role(texts, prompts, row), texts[row])
            row += 1


def _end_of_command(texts: Sequence[str], prompts: Sequence[Prompt | None], row: int) -> int:
    """The row behind the last line of the command that begins in `row`."""
    prompt = prompts[row]
    assert prompt
    typed = [prompt.command]
    limit = row + 1
    for end in range(row + 1, min(len(texts), row + _MOST_LINES) + 1):
        if is_whole("\n".join(typed)):
            return end
        if end == len(texts) or _DIRECTIVE.match(texts[end]):
            break
        other = prompts[end]
        if other and (other.name, other.mark) == (prompt.name, prompt.mark) and "<<" not in prompt.command:
            break
        typed.append(_more(texts[end]))
    while limit < len(texts) and (texts[limit - 1].endswith("\\") or _MORE.fullmatch(texts[limit])):
        limit += 1
    return limit


def _more(text: str) -> str:
    more = _MORE.fullmatch(text)
    return more[1] if more else text


def _expected(texts: Sequence[str], prompts: Sequence[Prompt | None], start: int) -> tuple[str, ...]:
    """The output that stands below a command, up to the next one."""
    lines: list[str] = []
    for row in range(start, len(texts)):
        if prompts[row]:
            break
        if not _DIRECTIVE.match(texts[row]) and _untyped_role(texts, prompts, row) is not Role.COMMENT:
            lines.append(texts[row])
    return tuple(lines[slice(*_ends(lines))])


def _untyped_role(texts: Sequence[str], prompts: Sequence[Prompt | None], row: int) -> Role:
    """What a line without a prompt is.

    A comment stands before a prompt, or at the end below an empty line; else it is part of the output.
    """
    if prompts[row] or not texts[row].strip():
        return Role.NOTHING
    if not _COMMENT.match(texts[row]):
        return Role.OUTPUT
    after, before = row, row
    while after < len(texts) and not prompts[after] and (not texts[after].strip() or _COMMENT.match(texts[after])):
        after += 1
    if after < len(texts):
        return Role.COMMENT if prompts[after] else Role.OUTPUT
    while before >= 0 and not prompts[before] and _COMMENT.match(texts[before]):
        before -= 1
    return Role.COMMENT if before < 0 or prompts[before] or not texts[before].strip() else Role.OUTPUT


def _ends(texts: Sequence[str]) -> tuple[int, int]:
    """Where the first text that is not blank begins, and where the last one ends."""
    rows = [row for row, text in enumerate(texts) if text.strip()]
    return (rows[0], rows[-1] + 1) if rows else (0, 0)


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
