"""Suggestions for misspelt words."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggest(word: str, known: Iterable[str], otherwise: str = "", prefix: str = "") -> str:
    """The hint for an unknown word: the nearest known one, else `otherwise`, else a list of all known ones.

    `prefix` precedes the nearest word.
    """
    names = list(known)
    alike = [name for name in names if _folded(name) == _folded(word)]
    near = alike or get_close_matches(word, names, 1)
    return f"did you mean {prefix}{near[0]}?" if near else otherwise or f"known: {', '.join(sorted(names)) or 'none'}"


def is_near(word: str, known: Iterable[str]) -> bool:
    """Whether a word is probably a misspelt known one."""
    names = list(known)
    return any(_folded(name) == _folded(word) for name in names) or bool(get_close_matches(word, names, 1))


def _folded(word: str) -> str:
    return word.lower().replace("_", "-")
