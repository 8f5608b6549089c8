"""Reads a block with prompts: which lines are typed, and which are output or comments."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from castdeck.deck.bash import is_whole, quoted_rows
from castdeck.deck.model import CommandLine, Role, is_directive
from castdeck.deck.placeholders import without_placeholders
from castdeck.deck.plausible import has_arguments, looks_like_command, looks_like_output
from castdeck.deck.prompts import Prompt, is_above_prompt, read_prompt, with_interpreters
from castdeck.deck.room import Room

_MORE = re.compile(r"\s*> ?(.*)")
_ANGLE = re.compile(r"( {0,3})> (?!(?:let|set|test|type|use)\b)(\w\S* +\S.*)")
_WITH_OPTION = re.compile(r"[a-z][\w+.-]* +--?[a-z]")
_WINDOWS = re.compile(r"%\w+%|\b[A-Z]:\\|\$env:|^PS\b", re.MULTILINE)
_NO_BLANK = re.compile(r"\$([a-z].*)")
_COMMENT = re.compile(r"\s*#(?!!)")
_OPENS_SHELL = re.compile(
    r"""
    \s*(?: sudo\s+(?:-[is]\b|su\b|(?:ba|z)?sh\b)
        | (?:su|ssh|chroot|nsenter|unshare|machinectl|newgrp|(?:ba|z|da|a)?sh)\b
        | .*\s(?:-[a-z]*[it][a-z]*|--interactive|--tty)\b )
    """,
    re.VERBOSE,
)
_MOST_LINES = 100  # of one command
_MOST_TRIED = 500_000  # characters of a block's beginnings of commands, each of which may be a whole one
_MOST_INDENT = 3


@dataclass(frozen=True)
class Read:
    """A line, its role, and what is typed for it."""

    role: Role
    text: str
    typed: CommandLine | None = None


def session_prompts(texts: Sequence[str], language: str) -> list[Prompt | None]:
    """The prompts, by row; empty if the code is not a session."""
    prompts = [read_prompt(text) for text in texts]
    first = next((prompt for prompt in prompts if prompt), None)
    most = max(_MOST_INDENT, first.indent if first else 0)
    prompts = [prompt if prompt and prompt.indent <= most else None for prompt in prompts]
    if language != "console":
        prompts = _outside_quotes(texts, prompts)
    if any(prompt and not prompt.is_doubtful for prompt in prompts):
        prompts = [prompt or _without_blank(text) for prompt, text in zip(prompts, texts, strict=True)]
        return list(with_interpreters(texts, _sure(prompts, in_bash=language != "console")))
    if language != "console" and any(angles := _angles(texts)):
        return list(with_interpreters(texts, angles))
    likely = [prompt if prompt and looks_like_command(prompt.command) else None for prompt in prompts]
    rest = [text for text, prompt in zip(texts, prompts, strict=True) if not prompt and text.strip()]
    return likely if _is_session(likely, rest, in_bash=language != "console") else [None] * len(texts)


def _angles(texts: Sequence[str]) -> list[Prompt | None]:
    """The prompts `> `, if the first command has one, and a well-known program or an option behind it.

    Bash would empty a file of the program's name. `> ` alone is the prompt of many programs, and of Windows.
    """
    first = next((text for text in texts if text.strip() and not _COMMENT.match(text)), "")
    prompts = [_angle(text) for text in texts]
    is_session = _angle(first) is not None and not _WINDOWS.search("\n".join(texts))
    return prompts if is_session else [None] * len(texts)


def _angle(text: str) -> Prompt | None:
    found = _ANGLE.fullmatch(text)
    if not found or not (looks_like_command(found[2]) or _WITH_OPTION.match(found[2])):
        return None
    return Prompt("", ">", found[2], len(found[1]))


def _without_blank(text: str) -> Prompt | None:
    """A prompt with its command right behind it, as in `$ls -l`."""
    found = _NO_BLANK.fullmatch(text)
    return Prompt("", "$", found[1]) if found and looks_like_command(found[1]) else None


def _sure(prompts: Sequence[Prompt | None], in_bash: bool) -> list[Prompt | None]:
    """The prompts of a session in which some are certain. `# ` is one in a console block, or in an inner shell."""
    found: list[Prompt | None] = []
    last = ""
    for prompt in prompts:
        if prompt and prompt.is_doubtful:
            may_be = prompt.name or not in_bash or _OPENS_SHELL.match(last) or (found and last == "#")
            if not may_be or not (looks_like_command(prompt.command) or (prompt.name and not prompt.command)):
                prompt = None
        if prompt:
            last = "#" if prompt.is_roots and prompt.is_doubtful and not prompt.name else prompt.command
        found.append(prompt)
    return found


def _is_session(likely: Sequence[Prompt | None], rest: Sequence[str], in_bash: bool) -> bool:
    """Whether lines that may be comments are prompts, judged by all lines of the block."""
    found = [prompt for prompt in likely if prompt]
    if not found or not rest:
        return bool(found) and (not in_bash or any(prompt.name or prompt.mark == "%" for prompt in found))
    if any(map(looks_like_command, rest)):
        return False
    return looks_like_output("\n".join(rest)) or all(map(has_arguments, (prompt.command for prompt in found)))


def _outside_quotes(texts: Sequence[str], prompts: list[Prompt | None]) -> list[Prompt | None]:
    """Drop prompts inside a here-document or quotes of commands without a prompt."""
    first = next((row for row, prompt in enumerate(prompts) if prompt and not prompt.is_doubtful), 0)
    if not any(text.strip() and not _COMMENT.match(text) for text in texts[:first]):
        return prompts
    quoted = quoted_rows("\n".join(texts))
    return [None if row in quoted else prompt for row, prompt in enumerate(prompts)]


def read_session(texts: Sequence[str], prompts: Sequence[Prompt | None]) -> Iterator[Read]:
    """Read each line of a session. The expected output of a command is attached to its last line."""
    row = 0
    is_inside = False
    untyped = _untyped_roles(texts, prompts)
    room = Room(min(_MOST_TRIED, 10_000 + _MOST_LINES * sum(map(len, texts)) // 2))
    while row < len(texts):
        prompt = prompts[row]
        if prompt and prompt.command.strip():
            end = _end_of_command(texts, prompts, row, room)
            is_inside = is_inside and (prompt.is_roots or prompt.interpreter is not None)
            as_root = prompt.is_roots and not is_inside and not prompt.is_inside
            role = Role.ROOT if as_root else Role.TYPED
            typed = [prompt.command, *_continued(texts[row + 1 : end], prompt)]
            interpreter = prompt.interpreter.name if prompt.interpreter else ""
            expected = _expected(texts, prompts, untyped, end)
            for number, text in enumerate(typed):
                line = CommandLine(text, 0, as_root, expected if number == len(typed) - 1 else (), interpreter)
                yield Read(Role.MORE if number else role, texts[row + number], line)
            is_inside = is_inside or bool(_OPENS_SHELL.match(prompt.command))
            row = end
        else:
            role = untyped[row]
            yield Read(role, texts[row], CommandLine(texts[row], 0) if role is Role.DIRECTIVE else None)
            row += 1


def _end_of_command(texts: Sequence[str], prompts: Sequence[Prompt | None], row: int, room: Room) -> int:
    """The row after the last line of the command that begins in `row`; `room` is for the text that is tried."""
    prompt = prompts[row]
    assert prompt
    if interpreter := prompt.interpreter:
        rest = range(row + 1, len(texts))
        return next((end for end in rest if prompts[end] or interpreter.continued(texts[end]) is None), len(texts))
    limit = row + 1
    for end in range(row + 1, min(len(texts), row + _MOST_LINES) + 1):
        text = "\n".join([prompt.command, *_continued(texts[row + 1 : end], prompt)])
        if not room.take(len(text)):
            break
        if is_whole(without_placeholders(text)):
            return end
        if end == len(texts) or is_directive(texts[end]):
            break
        other = prompts[end]
        if other and (other.name, other.mark) == (prompt.name, prompt.mark) and "<<" not in prompt.command:
            break
    while limit < len(texts) and (texts[limit - 1].endswith("\\") or _MORE.fullmatch(texts[limit])):
        limit += 1
    return limit


def _continued(texts: Sequence[str], prompt: Prompt) -> list[str]:
    """The continuation lines of a command, without their `> ` prompts if all have one."""
    if prompt.interpreter:
        return [prompt.interpreter.continued(text) or "" for text in texts]
    more = [_MORE.fullmatch(text) for text in texts]
    return [found[1] for found in more if found] if all(more) else list(texts)


def _expected(
    texts: Sequence[str], prompts: Sequence[Prompt | None], untyped: Sequence[Role], start: int
) -> tuple[str, ...]:
    """The output below a command, up to the next one."""
    end = next((row for row in range(start, len(texts)) if prompts[row]), len(texts))
    kept = (Role.OUTPUT, Role.NOTHING)
    lines = [texts[row] for row in range(start, end) if untyped[row] in kept and not _is_upper(texts, prompts, row)]
    return tuple(lines[slice(*span(lines))])


def _untyped_roles(texts: Sequence[str], prompts: Sequence[Prompt | None]) -> list[Role]:
    """The role of each line without a prompt.

    A comment is above a prompt, or at the end after an empty line; anywhere else it is part of the output.
    """
    roles = []
    for row, text in enumerate(texts):
        if is_directive(text):
            roles.append(Role.DIRECTIVE)
        elif prompts[row] or not text.strip() or _is_upper(texts, prompts, row):
            roles.append(Role.NOTHING)
        else:
            roles.append(Role.COMMENT if _COMMENT.match(text) else Role.OUTPUT)
    ends_in_output = False
    row = len(texts)
    while row:
        row -= 1
        if prompts[row] or roles[row] is Role.DIRECTIVE:
            ends_in_output = False
        elif roles[row] is Role.OUTPUT:
            ends_in_output = True
        elif roles[row] is Role.COMMENT and ends_in_output:
            roles[row] = Role.OUTPUT
    for row in range(_start_of_last_comments(roles, prompts), len(texts)):
        if roles[row] is Role.COMMENT and row and roles[row - 1] is Role.OUTPUT:
            roles[row] = Role.OUTPUT
    return roles


def _start_of_last_comments(roles: Sequence[Role], prompts: Sequence[Prompt | None]) -> int:
    """The first row of the comments and empty lines at the end of the code."""
    row = len(roles)
    while row and not prompts[row - 1] and roles[row - 1] in (Role.COMMENT, Role.NOTHING):
        row -= 1
    return row


def _is_upper(texts: Sequence[str], prompts: Sequence[Prompt | None], row: int) -> bool:
    """Whether the row is the upper line of a two-line prompt."""
    below = prompts[row + 1] if row + 1 < len(texts) else None
    is_apart = row == 0 or not texts[row - 1].strip()
    return below is not None and is_above_prompt(texts[row], below, is_apart)


def span(texts: Sequence[str]) -> tuple[int, int]:
    """The range from the first to the last text that is not blank."""
    rows = [row for row, text in enumerate(texts) if text.strip()]
    return (rows[0], rows[-1] + 1) if rows else (0, 0)
