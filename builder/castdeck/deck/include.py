"""`include: other.md` on a line of its own is replaced by the content of another file."""

import os.path
import re
from collections.abc import Callable
from pathlib import Path

from markdown_it.rules_block import StateBlock

from castdeck.deck.divs import is_top_level
from castdeck.errors import DeckError

ReadFile = Callable[[Path], str]
"""Returns the text of an included file. Raises DeckError if it can't or may not be read."""

_LINE = re.compile(r"include:[ \t]+(\S.*?\.(?:md|markdown))[ \t]*$", re.IGNORECASE)


def included_path(name: str, above: Path) -> Path:
    """Resolve the path `name` as written in the file `above`."""
    return normal(above.parent / name)


def normal(path: Path) -> Path:
    """Resolve `..` in a path without touching the disk."""
    return Path(os.path.normpath(path))


def no_files(path: Path) -> str:
    """The ReadFile of a deck without other files."""
    raise DeckError("there are no files beside this deck", path=path)


def include_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a token "include" with the path as content."""
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("include:", start) or not is_top_level(state, line, silent):
        return False
    found = _LINE.match(state.src[start : state.eMarks[line]])
    if not found:
        return False
    if not silent:
        token = state.push("include", "", 0)
        token.content, token.map = found[1], [line, line + 1]
        state.line = line + 1
    return True
