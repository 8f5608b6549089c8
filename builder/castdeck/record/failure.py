"""A block that could not be recorded, as a problem with its place, the last lines that it printed, and what to do."""

from collections.abc import Mapping
from pathlib import Path

from castdeck.codes import Code
from castdeck.errors import CastdeckError
from castdeck.problems import Place, Problem
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import without_secrets


def problem_of(failure: CommandFailed | CastdeckError, deck: Path, secrets: Mapping[str, str], hint: str) -> Problem:
    """The problem; `hint` comes after the failure's own. No value of the `secrets` is in it."""
    if isinstance(failure, CastdeckError):
        return failure.problem.at(path=failure.problem.path or deck)
    shown = "\n".join(f"    {line}" for line in failure.last_lines)
    hints = [f"its last lines:\n{shown}" if shown else "", failure.hint, hint]
    command = failure.line.text.strip()
    return Problem(
        Code.COMMAND_FAILED,
        Place(deck, failure.line.line),
        f"{command}: {failure.reason}",
        without_secrets("\n  ".join(filter(None, hints)), secrets),
        command,
    )
