"""The key that decides whether a cast is fresh: a hash chained over the previous blocks, like image layers."""

import hashlib
import json

from castdeck.deck.model import Block

_FORMAT = 2


def first_key(machine: str) -> str:
    """The key of a fresh machine; `machine` is its identity."""
    return _hash(["machine", _FORMAT, machine])


def own_key(block: Block, cols: int, rows: int) -> str:
    """The block's own part: a hash of its commands and everything that affects how they run."""
    lines = [[line.text, line.as_root] for line in block.lines]
    flags = {"pager": block.pager, "inside": block.inside, block.interpreter: bool(block.interpreter)}
    changes = [name for name, is_set in flags.items() if is_set]
    return _hash([lines, block.exit_status, block.cols or cols, block.rows or rows, *changes])


def next_key(key: str, own: str) -> str:
    """The key after running a block with the part `own` on the state `key`."""
    return _hash([key, own])


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:32]
