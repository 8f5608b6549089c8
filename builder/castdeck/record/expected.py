"""Puts what commands really print into the transcripts of a deck's text: `castdeck verify --fix`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """What a transcript says that a command prints, and what it printed now.

    `line` is the line of the file, from 1, after the command; `said` stands there, without the block's indentation.
    """

    line: int
    said: tuple[str, ...]
    printed: tuple[str, ...]


def with_printed(text: str, expected: Iterable[Expected]) -> str:
    """The text with what was printed in place of what was said; lines keep their indentation.

    What no longer stands where it was is left as it is, and so is output that would end its code block.
    """
    lines = text.splitlines(keepends=True)
    for one in sorted(expected, key=lambda one: -one.line):
        begin, end = one.line - 1, one.line - 1 + len(one.said)
        found = [line.rstrip("\r\n") for line in lines[begin:end]]
        prefix = _prefix(found, one.said)
        if prefix is None or any(line.lstrip().startswith(("```", "~~~")) for line in one.printed):
            continue
        newline = "\r\n" if lines[begin].endswith("\r\n") else "\n"
        lines[begin:end] = [f"{f'{prefix}{line}'.rstrip()}{newline}" for line in one.printed]
    return "".join(lines)


def _prefix(found: Sequence[str], said: Sequence[str]) -> str | None:
    """What stands before each line of a block in a list or a quote; None where the lines are others."""
    if not said or len(found) != len(said):
        return None
    prefixes = {
        line[: len(line) - len(text)] for line, text in zip(found, said, strict=True) if text and line.endswith(text)
    }
    if len(prefixes) != 1 or not all(line.endswith(text) for line, text in zip(found, said, strict=True)):
        return None
    (prefix,) = prefixes
    return prefix if not prefix.strip(" \t>") else None
