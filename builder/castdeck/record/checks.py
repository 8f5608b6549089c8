"""Checks: blocks marked .check, which tell whether what a slide asks for is done on a machine.

They run outside of the terminal, in the user's home folder, and belong to no session: none changes what is recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from castdeck.deck.model import Block, Deck
from castdeck.errors import MachineError
from castdeck.machine.protocol import Machine
from castdeck.marks import last_line

FAILED = "not yet"
_MOST_HINT = 300  # characters
_SCRIPT = """
check=$(cat)
eval "cd ~$(id -un)" && HOME=$PWD && export HOME
{ bash -c "$check" </dev/null 2>&1; printf '\\n%s' "$?"; } | tail -c 8000
"""


@dataclass(frozen=True)
class Outcome:
    """Whether all of a slide's checks are done, and else the hint of the first that is not."""

    is_done: bool
    hint: str = ""


def checks_beside(deck: Deck, block: Block) -> tuple[Block, ...]:
    """The checks on a block's slide that look at its machine."""
    slide = next(slide for slide in deck.slides if slide.id == block.slide_id)
    return tuple(one for one in slide.blocks if one.is_check and one.session == block.session)


def run_checks(machine: Machine, checks: Iterable[Block], timeout: float) -> Outcome:
    """Run the checks one after the other, until one is not done; `timeout` is in seconds for one of them.

    Raises MachineError where the machine is gone.
    """
    for check in checks:
        text = "\n".join(line.text for line in check.lines)
        try:
            printed = machine.run(_SCRIPT, stdin=text, timeout=check.timeout or timeout)
        except MachineError as error:
            if machine.is_lost():
                raise
            return Outcome(False, error.problem.message)
        said, _, status = printed.rpartition("\n")
        if status != "0":
            return Outcome(False, _last_line(said))
    return Outcome(True)


def _last_line(printed: str) -> str:
    lines = ["".join(filter(str.isprintable, last_line(line))).strip() for line in printed.splitlines()]
    return next((line[:_MOST_HINT] for line in reversed(lines) if line), FAILED)
