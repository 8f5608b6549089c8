"""Describes a failed block as a problem: its place, its last lines of output, and a remedy."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from castdeck.codes import Code
from castdeck.deck.model import Block
from castdeck.errors import CastdeckError
from castdeck.problems import Place, Problem
from castdeck.record.script import CommandFailed
from castdeck.record.secrets import without_secrets


def problem_of(failure: CommandFailed | CastdeckError, deck: Path, secrets: Mapping[str, str], hint: str) -> Problem:
    """The problem for a failure; `hint` is appended to the failure's own. Secrets are masked."""
    if isinstance(failure, CastdeckError):
        problem = failure.problem.at(path=failure.problem.path or deck)
        return replace(problem, hint="\n  ".join(filter(None, (problem.hint, hint))))
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


def not_tried(blocks: Sequence[Block], *, builds_on_it: bool) -> str:
    """Say which blocks are not tried because of the failure."""
    if not blocks:
        return ""
    many = "1 block after it is" if len(blocks) == 1 else f"{len(blocks)} blocks after it are"
    why = f", {'it builds' if len(blocks) == 1 else 'they build'} on it" if builds_on_it else ""
    return f"{many} not tried{why}: {', '.join(block.name for block in blocks)}"
