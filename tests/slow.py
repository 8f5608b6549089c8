"""Which tests marked slow `--slow changed` runs: those that a change since $CASTDECK_BASE concerns.

A slow test runs if one of these has changed: a path that its marker names, its own module, a module of the tests that
it imports, its folder's conftest.py. It also runs if a text that its module quotes is gone from the program: a message
may be worded elsewhere.
"""

import ast
import os
import re
import subprocess
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

_AT_LEAST = 3  # words in a row, so that two texts are the same by more than chance
_PROGRAM = "builder"
_USED_BY_ALL = "tests/conftest.py"  # what is wrong there is seen without the slow tests


class Changes:
    """What git shows as changed in `root` since $CASTDECK_BASE (a commit or branch) or the previous commit."""

    def __init__(self, root: Path) -> None:
        self._root = root
        base = os.environ.get("CASTDECK_BASE", "HEAD~1")
        self._paths = _git(root, "diff", "--name-only", base).splitlines()
        self._gone = texts_gone(_git(root, "diff", "--unified=0", base, "--", _PROGRAM))

    def concern(self, path: Path, marker: pytest.Mark) -> bool:
        """Whether a test in the module `path` must run, which is marked so."""
        module = path.relative_to(self._root)
        used = {name for name in used_by(module, _read(path)) if name != _USED_BY_ALL}
        return any(changed in used or changed.startswith(marker.args) for changed in self._paths) or not (
            self._gone.isdisjoint(quoted_in(_read(path)))
        )


def texts_gone(diff: str) -> frozenset[tuple[str, ...]]:
    """What only the removed lines of a diff without context contain, as runs of words. Lines in a row are one text."""
    texts = {sign: set[tuple[str, ...]]() for sign in "-+"}
    for sign, lines in groupby(diff.splitlines(), key=lambda line: line[:1]):
        if sign in texts:
            texts[sign] |= _runs("\n".join(lines))
    return frozenset(texts["-"] - texts["+"])


@cache
def quoted_in(source: str) -> frozenset[tuple[str, ...]]:
    """The texts that a module's code contains, but for docstrings, as runs of words."""
    nodes = list(ast.walk(ast.parse(source)))
    docstrings = {node.value for node in nodes if isinstance(node, ast.Expr)}
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and node not in docstrings]
    return frozenset(run for text in texts if isinstance(text, str) for run in _runs(text))


def used_by(module: Path, source: str) -> set[str]:
    """The files of the tests that a test module consists of: itself, what it imports, its folder's conftest.py."""
    imported = [node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module]
    names = (name.replace(".", "/") + ".py" for name in imported if name.startswith("tests."))
    return {str(module), str(module.with_name("conftest.py")), *names}


def _runs(text: str) -> set[tuple[str, ...]]:
    """All runs of that many words. Numbers, and an f-string's expressions and prefix, are not words."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"\{[^{}]*\}|\b[rbf]{1,2}(?=\")", " ", text))
    return set(zip(*(words[start:] for start in range(_AT_LEAST)), strict=False))


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout
