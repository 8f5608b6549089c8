"""Finds the blocks that depend on a failed one: those that use a name that it would have created.

A name is made by `mkdir notes`, `touch notes`, `> notes`, `--name web`, `docker network create web`, `git branch fix`,
`WORD=...`. A block that creates the name itself does not depend on it. Blocks not found here are tried.
"""

import re
from collections.abc import Iterable, Sequence

from castdeck.deck.model import Block

_COMMANDS = re.compile(r"\|\||&&|[;|()]")
_MAKERS = frozenset(
    ("mkdir", "touch", "mkfifo", "useradd", "adduser", "groupadd", "tee", "create", "branch", "init", "venv", "mktemp")
)
_BEFORE_A_NAME = frozenset((">", ">>", "--name", "--tag", "-t", "-o", "-b"))
_DECLARE = frozenset(("export", "declare", "local", "readonly", "typeset"))
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=")
_NAME = re.compile(r"[\w./][\w./@:-]+")
_ALWAYS_THERE = re.compile(r"/dev/.*|/[^/]*|[./]+")


def made_by(block: Block) -> frozenset[str]:
    """The names of files, containers, users and variables that the block creates, as far as its commands show."""
    found: set[str] = set()
    for line in block.lines:
        for command in _COMMANDS.split(line.text):
            found.update(_made(command.split()))
    names = (name.rstrip("/") for name in found)
    return frozenset(name for name in names if _NAME.fullmatch(name) and not _ALWAYS_THERE.fullmatch(name))


def _made(words: Sequence[str]) -> Iterable[str]:
    is_making, is_first = False, True
    for number, word in enumerate(words):
        before = words[number - 1] if number else ""
        if before in _BEFORE_A_NAME:
            yield word
        elif word.startswith(">"):
            yield word.lstrip(">")
        elif word.startswith("--name=") or word.startswith("--tag="):
            yield word.partition("=")[2]
        elif is_first and (assigned := _ASSIGNMENT.match(word)):
            yield assigned[1]
        elif is_making and not word.startswith("-"):
            yield word
        is_making = is_making or word in _MAKERS
        is_first = is_first and (word in _DECLARE or word[0] == "-" or bool(_ASSIGNMENT.match(word)))


def uses(block: Block, names: Iterable[str]) -> bool:
    """Whether the block mentions one of the names, and does not create it itself."""
    text = "\n".join(line.text for line in block.lines)
    own = made_by(block)
    return any(name not in own and re.search(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", text) for name in sorted(names))


def building_on(failed: Block, after: Sequence[Block], there: Iterable[str]) -> list[Block]:
    """The blocks after a failed one that depend on it, directly or indirectly; `there` are names created before."""
    missing = set(made_by(failed)) - set(there)
    found: list[Block] = []
    for block in after:
        if uses(block, missing):
            found.append(block)
            missing |= made_by(block)
        else:
            missing -= made_by(block)
    return found
