"""Recordings beside the deck as it is now."""

from collections.abc import Iterator
from pathlib import Path

from castdeck.codes import Code
from castdeck.deck import Deck
from castdeck.problems import Place, Problem
from castdeck.record.plan import NEW, STALE, Plan


def recording_problems(deck: Deck, plan: Plan, recordings: Path) -> Iterator[Problem]:
    """Blocks without a recording, or with one that is no longer true, and recordings that no block has."""
    hint = "castdeck record does it"
    for planned in plan.blocks:
        block = planned.block
        path, line, name = deck.file_of(block), block.line, block.name
        if planned.state == NEW:
            message = f"{name} has no recording"
            yield Problem(Code.MISSING_RECORDING, Place(path, line, 1), message, hint)
        elif planned.state == STALE:
            message = f"the recording of {name} is no longer true: {planned.why}"
            yield Problem(Code.STALE_RECORDING, Place(path, line, 1), message, hint)
    for name in plan.orphans:
        path = recordings / f"{name}.cast"
        hint = "castdeck record --prune removes it"
        yield Problem(Code.ORPHANED_RECORDING, Place(path), "no block has this recording", hint)
