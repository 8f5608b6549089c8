"""A block that could not be recorded, as a problem with its place, the last lines that it printed, and what to do."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from castdeck.errors import CastdeckError, Problem
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import without_secrets


def problem_of(failure: CommandFailed | CastdeckError, deck: Path, secrets: Mapping[str, str], hint: str) -> Problem:
    """The problem; `hint` comes after the failure's own. No value of the `secrets` is in it."""
    if isinstance(failure, CastdeckError):
        return replace(failure.problem, path=failure.problem.path or deck)
    shown = "\n".join(f"    {line}" for line in failure.last_lines)
    hints = [f"its last lines:\n{shown}" if shown else "", failure.hint, hint]
    return Problem(
        f"{failure.line.text.strip()}: {failure.reason}",
        deck,
        failure.line.line,
        without_secrets("\n  ".join(filter(None, hints)), secrets),
        is_error=True,
        code="command-failed",
    )
