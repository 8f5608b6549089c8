"""A deck's problems as lines for people, as JSON, and as GitHub's annotations."""

import json
from collections.abc import Sequence

from castdeck.cli.console import shown_path
from castdeck.cli.github import annotation
from castdeck.problems import Problem, shortened


def text(problems: Sequence[Problem]) -> str:
    """`file:line:column: code message`, each with its hint below it."""
    return "\n".join(_line(problem) for problem in problems)


def as_json(problems: Sequence[Problem]) -> str:
    """A list of objects; a line or column that is not known is null."""
    return json.dumps([_object(problem) for problem in problems], indent=2, ensure_ascii=False)


def github(problems: Sequence[Problem]) -> str:
    """A workflow command a problem."""
    return "\n".join(_annotation(problem) for problem in problems)


FORMATS = {"text": text, "json": as_json, "github": github}


def _line(problem: Problem) -> str:
    place = f"{shown_path(problem.path)}:" if problem.path else ""
    if problem.line:
        place += f"{problem.line}:{problem.column or 1}:"
    line = f"{place} {problem.code} {problem.severity}: {shortened(problem.message)}".lstrip()
    return f"{line}\n  {problem.hint}" if problem.hint else line


def _object(problem: Problem) -> dict[str, object]:
    return {
        "path": shown_path(problem.path) if problem.path else None,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }


def _annotation(problem: Problem) -> str:
    message = f"{problem.message}\n{problem.hint}" if problem.hint else problem.message
    path = shown_path(problem.path) if problem.path else ""
    return annotation(problem.severity, message, file=path, line=problem.line, col=problem.column, title=problem.code)
