"""Progress of a session: the number of the current block, and the estimated time left."""

from collections.abc import Sequence
from dataclasses import dataclass

from castdeck.deck.model import Block
from castdeck.record.events import BlockBegins, Work
from castdeck.record.plan import Planned


@dataclass(frozen=True)
class Progress:
    """`wanted` are the blocks that this work runs, in order; `all_blocks` those that it may have to run again, too."""

    work: Work
    wanted: Sequence[Planned]
    all_blocks: Sequence[Planned]

    def begins(self, block: Block) -> BlockBegins:
        """One of the wanted blocks begins."""
        place = next(number for number, one in enumerate(self.wanted) if one.block is block)
        left = [one.seconds for one in self.wanted[place:]]
        known = [seconds for seconds in left if seconds is not None]
        return BlockBegins(
            self.work, block, place + 1, len(self.wanted), sum(known) if len(known) == len(left) else None
        )

    def replays(self, block: Block, later: Sequence[Block], wanted: Block) -> BlockBegins:
        """A block is run again, and those `later`, before the block that is wanted: their time counts, too."""
        names = {block.name, *(one.name for one in later)}
        again = sum(one.seconds or 0.0 for one in self.all_blocks if one.block.name in names)
        next_one = self.begins(wanted)
        left = None if next_one.left is None else next_one.left + again
        return BlockBegins(self.work, block, next_one.number, next_one.of, left, replayed=True)
