"""The key that says whether a cast is still true: chained over the blocks before it, like the layers of an image."""

import hashlib
import json

from castdeck.deck.model import Block

_FORMAT = 2


def first_key(machine: str) -> str:
    """The key of a machine on which nothing has run; `machine` is its identity."""
    return _hash(["machine", _FORMAT, machine])


def own_key(block: Block, cols: int, rows: int) -> str:
    """What `block` itself adds: its commands and all that changes how they run, in a terminal of that size."""
    lines = [[line.text, line.as_root] for line in block.lines]
    flags = {"pager": block.pager, "inside": block.inside, block.interpreter: bool(block.interpreter)}
    changes = [name for name, is_set in flags.items() if is_set]
    return _hash([lines, block.exit_status, block.cols or cols, block.rows or rows, *changes])


def next_key(key: str, own: str) -> str:
    """The key of the state after a block with the key `own` has run on the state that `key` stands for."""
    return _hash([key, own])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]
