"""What was typed into a live terminal as a block of the deck: right after the block that the terminal began with."""

import re
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from castdeck.deck.model import Block
from castdeck.errors import DeckError

_FENCE = re.compile(r"^(?P<indent>[ >]*)(?P<marks>`{3,}|~{3,})")


@dataclass(frozen=True)
class Edit:
    """A file with its text before and after."""

    path: Path
    old: str
    new: str

    @property
    def diff(self) -> str:
        """What changes, to be read."""
        lines = unified_diff(self.old.splitlines(), self.new.splitlines(), self.path.name, self.path.name, lineterm="")
        return "\n".join(lines)


def with_block(path: Path, text: str, block: Block, commands: list[str]) -> Edit:
    """The file's text with a block of these commands below `block`. Raises DeckError where that is not there."""
    lines = text.splitlines(keepends=True)
    opening = _FENCE.match(lines[block.line - 1]) if block.line <= len(lines) else None
    if opening is None:
        raise DeckError("the deck has changed: the block is not where it was", path=path, line=block.line)
    marks, indent = opening["marks"], opening["indent"]
    closing = re.compile(rf"[ >]*{re.escape(marks)}{marks[0]}*\s*")
    end = next((n for n in range(block.line, len(lines)) if closing.fullmatch(lines[n])), None)
    if end is None:
        raise DeckError("the block before it has no end", path=path, line=block.line)
    newline = "\r\n" if lines[block.line - 1].endswith("\r\n") else "\n"
    fence = _fence_around(commands)
    added = ["", f"{fence}bash", *(line for one in commands for line in one.split("\n")), fence]
    below = [f"{indent}{line}".rstrip() + newline for line in added]
    if not lines[end].endswith("\n"):
        lines[end] += newline
    return Edit(path, text, "".join([*lines[: end + 1], *below, *lines[end + 1 :]]))


def _fence_around(commands: list[str]) -> str:
    """A fence that no line of the commands is."""
    longest = max((len(found) for one in commands for found in re.findall(r"`+", one)), default=0)
    return "`" * max(3, longest + 1)
