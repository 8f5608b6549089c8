"""A block in an interpreter's language: a session with prompts, or code that is typed as it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from textwrap import dedent

from castdeck.deck.commands import Reading, filled
from castdeck.deck.interpreters import PYTHON, Interpreter
from castdeck.deck.model import CommandLine, Role, SourceLine, is_directive
from castdeck.deck.python_source import typed_command, typed_python
from castdeck.deck.session import span

_LEFT_OUT = "..."


def read_transcript(code: str, interpreter: Interpreter, first_line: int, fills: Mapping[str, str]) -> Reading:
    """Read a block's code. `first_line` is the code's first line in the file, from 1."""
    texts = [text.rstrip("\r") for text in dedent(code).removesuffix("\n").split("\n")]
    is_session = any(interpreter.command(text) is not None for text in texts)
    roles = list(_roles(texts, interpreter) if is_session else map(_role_of_code, texts))
    typed = _typed_session(texts, roles, interpreter) if is_session else _typed_code(texts, roles, interpreter)
    lines = [replace(line, line=first_line + row) for row, line in typed]
    source = tuple(SourceLine(role, text) for role, text in zip(roles, texts, strict=True))
    return Reading(filled(lines, fills), source, first_line, is_session)


def _roles(texts: Sequence[str], interpreter: Interpreter) -> Iterator[Role]:
    """What each line of a session is."""
    role = Role.NOTHING
    for text in texts:
        command = interpreter.command(text)
        if is_directive(text):
            yield Role.DIRECTIVE
            continue
        if command is not None:
            role = Role.TYPED if command.strip() else Role.NOTHING
        elif role in (Role.TYPED, Role.MORE) and interpreter.continued(text) is not None:
            role = Role.MORE
        else:
            role = Role.OUTPUT if text.strip() else Role.NOTHING
        yield role


def _typed_session(
    texts: Sequence[str], roles: Sequence[Role], interpreter: Interpreter
) -> Iterator[tuple[int, CommandLine]]:
    row = 0
    while row < len(texts):
        if roles[row] is Role.DIRECTIVE:
            yield row, CommandLine(texts[row], 0)
        if roles[row] is not Role.TYPED:
            row += 1
            continue
        end = next((at for at in range(row + 1, len(texts)) if roles[at] is not Role.MORE), len(texts))
        command = [interpreter.command(texts[row]) or ""]
        command += [interpreter.continued(text) or "" for text in texts[row + 1 : end]]
        typed = typed_command(command) if interpreter is PYTHON else list(enumerate(command))
        for at, text in typed[:-1]:
            yield row + at, CommandLine(text, 0)
        for at, text in typed[-1:]:
            yield row + at, CommandLine(text, 0, expected=_expected(texts, roles, end, interpreter))
        row = end


def _expected(texts: Sequence[str], roles: Sequence[Role], row: int, interpreter: Interpreter) -> tuple[str, ...]:
    """The output that stands from a row on. A prompt without a command is none of it."""
    lines = []
    while row < len(texts) and roles[row] in (Role.OUTPUT, Role.NOTHING, Role.DIRECTIVE):
        if roles[row] is not Role.DIRECTIVE:
            text = "" if interpreter.command(texts[row]) is not None else texts[row]
            lines.append(_LEFT_OUT if text.strip() == _LEFT_OUT else text)
        row += 1
    return tuple(lines[slice(*span(lines))])


def _role_of_code(text: str) -> Role:
    if is_directive(text):
        return Role.DIRECTIVE
    return Role.TYPED if text.strip() else Role.NOTHING


def _typed_code(
    texts: Sequence[str], roles: Sequence[Role], interpreter: Interpreter
) -> Iterator[tuple[int, CommandLine]]:
    directives = {row for row, role in enumerate(roles) if role is Role.DIRECTIVE}
    if interpreter is PYTHON and not directives:
        yield from ((row, CommandLine(text, 0)) for row, text in typed_python(texts))
        return
    yield from ((row, CommandLine(text, 0)) for row, text in enumerate(texts) if roles[row] is not Role.NOTHING)
