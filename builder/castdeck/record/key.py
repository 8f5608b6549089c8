"""The key that says whether a cast is still true: chained over the blocks before it, like the layers of an image."""

import hashlib
import json

from castdeck.deck.model import Block

_FORMAT = 1


def first_key(machine: str) -> str:
    """The key of a machine on which nothing has run; `machine` is its identity."""
    return _hash(["machine", _FORMAT, machine])


def next_key(key: str, block: Block, cols: int, rows: int) -> str:
    """The key after `block` has run, in a terminal of that size, on the state that `key` stands for."""
    lines = [line.text for line in block.lines]
    return _hash([key, lines, block.exit_status, block.cols or cols, block.rows or rows])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]
