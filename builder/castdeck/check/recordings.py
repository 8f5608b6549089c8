"""Rules that compare recordings with the current deck."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from castdeck.cast.model import CastError
from castdeck.cast.recording import read_recording
from castdeck.codes import Code
from castdeck.deck import Block, Deck
from castdeck.problems import Place, Problem
from castdeck.record.plan import NEW, STALE, Plan
from castdeck.record.store import cast_path, read_cast


def damage_problems(blocks: Iterable[Block], recordings: Path) -> Iterator[Problem]:
    """Recordings that exist but can't be shown."""
    for block in blocks:
        path = cast_path(recordings, block.name)
        if not block.hidden and os.path.lexists(path):
            try:
                read_recording(read_cast(recordings, block.name))
            except CastError as error:
                hint = f"castdeck record --slide {block.name.rpartition('-')[0]} --force makes it again"
                message = f"the recording can't be shown: {error.message}"
                yield Problem(Code.INVALID_RECORDINGS, Place(path, error.line), message, hint)


def recording_problems(deck: Deck, plan: Plan, recordings: Path) -> Iterator[Problem]:
    """Blocks with no recording or a stale one, and recordings without a block."""
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
    yield from damage_problems(deck.blocks, recordings)
    for name in plan.orphans:
        path = recordings / f"{name}.cast"
        hint = "castdeck record --prune removes it"
        yield Problem(Code.ORPHANED_RECORDING, Place(path), "no block has this recording", hint)
