"""A block line by line: what is typed, and what is taken for output, comments or keys."""

from collections.abc import Iterator
from pathlib import Path

from castdeck.deck import Block, Deck
from castdeck.deck.model import Role
from castdeck.problems import plain


def described_blocks(deck: Deck, path: Path) -> str:
    """All blocks of a deck, each with its place, whether it is run, and its lines."""
    return "\n".join(line for block in deck.blocks for line in _described(block, path))


def block_lines(block: Block) -> Iterator[str]:
    """A line for each line of the block that is not blank; typed ones as they are typed."""
    typed = {line.line: line.text for line in block.lines}
    for number, line in enumerate(block.source, block.line + 1):
        if line.role is not Role.NOTHING:
            yield plain(f"{number:>6}  {line.role:<13} {typed.get(number, line.text)}".rstrip())


def _described(block: Block, path: Path) -> Iterator[str]:
    yield f"{block.path or path}:{block.line}: {block.name}: " + (f"not run, {block.skip}" if block.skip else "run")
    yield from block_lines(block) if not block.skip else ()
