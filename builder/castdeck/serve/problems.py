"""A Problem as JSON for the page's overlay: place, message, hint, and an excerpt of the file."""

from pathlib import Path

from castdeck.gate import Gate, Refused
from castdeck.problems import Problem

LINES_AROUND = 2


def problem_json(problem: Problem, root: Path) -> dict[str, object]:
    """The problem as a JSON value; its file is relative to `root`."""
    return {
        "file": _name(problem.path, root) if problem.path else "",
        "line": problem.line,
        "message": problem.message,
        "hint": problem.hint,
        "error": problem.is_error,
        "excerpt": _excerpt(problem, Gate(root)),
    }


def _name(path: Path, root: Path) -> str:
    path = path.absolute()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _excerpt(problem: Problem, gate: Gate) -> list[tuple[int, str]]:
    """The lines around the problem, with their numbers."""
    if not problem.path or not problem.line:
        return []
    try:
        lines = gate.read_bytes(problem.path, private=True).decode(errors="replace").splitlines()
    except Refused:
        return []
    first, last = max(1, problem.line - LINES_AROUND), problem.line + LINES_AROUND
    return [(number, text[:200]) for number, text in enumerate(lines[first - 1 : last], first)]
