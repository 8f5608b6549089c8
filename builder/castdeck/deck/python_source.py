"""Python's code as it is typed at `>>> `."""

import ast
from collections.abc import Iterator, Sequence

_COMPOUND = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.If, ast.For, ast.AsyncFor, ast.While, ast.With,
    ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
)  # fmt: skip


def typed_python(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The lines to type, each with its row from 0.

    An interactive interpreter takes an empty line for the end of a loop or a function: there is none inside, and one
    behind. Comments between statements are left out. What is no Python is typed as it stands.
    """
    try:
        statements = ast.parse("\n".join(texts)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        yield from ((row, text) for row, text in enumerate(texts) if text.strip())
        return
    done = 0
    for statement in statements:
        decorators = getattr(statement, "decorator_list", [])
        first = min(one.lineno for one in (statement, *decorators)) - 1
        inside = _string_rows(statement)
        end = statement.end_lineno or first + 1
        for row in range(max(done, first), end):
            if texts[row].strip() or row in inside:
                yield row, texts[row]
        if isinstance(statement, _COMPOUND):
            yield end - 1, ""
        done = end


def typed_command(texts: Sequence[str]) -> list[tuple[int, str]]:
    """The lines to type for one command of a session: as shown, but that an empty line stands behind a loop or a
    function, and nowhere else. What is no Python is typed as it stands."""
    try:
        statements = ast.parse("\n".join(texts)).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return list(enumerate(texts))
    inside = {row for statement in statements for row in _string_rows(statement)}
    typed = [(row, text) for row, text in enumerate(texts) if text.strip() or row in inside]
    if statements and isinstance(statements[-1], _COMPOUND):
        typed.append((len(texts) - 1, ""))
    return typed


def _string_rows(statement: ast.stmt) -> set[int]:
    """The rows that go on with a string."""
    strings = [one for one in ast.walk(statement) if isinstance(one, ast.Constant | ast.JoinedStr)]
    return {row for one in strings for row in range(one.lineno, one.end_lineno or one.lineno)}
