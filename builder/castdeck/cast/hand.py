"""Simulates human typing: when each key appears, and never slower than is pleasant to watch.

Comments, here-documents and very long lines appear at once, as if pasted. The rest is typed, faster if it would take
too long overall.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random

from castdeck.cast.marks import RecordedCommand

LONG_LINE = 120  # characters; longer lines are pasted
_PASTED = 0.08  # seconds between pasted lines
_KEY = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b.|\r\n|.", re.DOTALL)
_HERE_DOCUMENT = re.compile(r"(?<!<)<<-?\s*(['\"]?)\\?([^\s'\"<>;|&()\\]+)\1")


def keys(
    command: RecordedCommand, randomness: Random, mean: float, spread: float, enter: float
) -> Iterator[tuple[float, str, bool]]:
    """Each key or pasted line, with the delay before it, and whether that delay is typing (and may be shortened)."""
    for line, is_pasted in zip(command.typed, _pasted(command.typed), strict=True):
        echo, newline, rest = line.partition("\r\n")
        if is_pasted:
            yield _PASTED, line, False
            continue
        for key in _KEY.findall(echo):
            yield max(mean / 4, randomness.gauss(mean, spread)), key, True
        yield enter, newline + rest, True


def _pasted(lines: Sequence[str]) -> Iterator[bool]:
    """Whether each line is pasted."""
    ends: list[str] = []
    for line in lines:
        text = line.partition("\r\n")[0]
        if ends:
            yield True
            if text.strip() == ends[0]:
                ends.pop(0)
            continue
        ends = [found[2] for found in _HERE_DOCUMENT.finditer(text)]
        yield text.lstrip().startswith("#") or len(text) > LONG_LINE
