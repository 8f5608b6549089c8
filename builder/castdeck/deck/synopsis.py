"""Tells a synopsis (`docker run [OPTIONS] <image> ...`) from a command that can be run."""

import re
from collections.abc import Sequence

from castdeck.deck.model import CommandLine
from castdeck.deck.skip import Reason, Skip

_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_HERE_DOCUMENT = re.compile(r"<<(-?)\s*(['\"]?)([\w.-]+)\2")
_PLACEHOLDER = re.compile(r"<[^\W\d][\w.:|/-]*>")
_OPTION = re.compile(r"(?:^|(?<=\s))\[(?:-[^\]]*|[^\W\d][\w .:=|/-]*\.{0,3})\](?=\s|$|\.\.\.)")
_ELLIPSIS = re.compile(r"(?:^|(?<=\s))(?:\.\.\.|…)(?=\s|$)")
_TEST = re.compile(r"(?:^|(?<=[\s;|&!(]))\[ .*? \](?=\s|;|$)|\[\[.*?\]\]")


def find_synopsis(lines: Sequence[CommandLine]) -> Skip | None:
    """What makes the lines a synopsis; None when they can be run. A placeholder does so only where nothing else does.

    Here-documents, quotes and comments don't count.
    """
    until, placeholder = "", None
    for line in lines:
        if until:
            until = "" if line.text.strip() == until else until
            continue
        here = _HERE_DOCUMENT.search(line.text)
        until = here[3] if here else ""
        bare = _COMMENT.sub("", _QUOTED.sub('""', line.text))
        bare = _TEST.sub("", _HERE_DOCUMENT.sub("", bare))
        if found := _OPTION.search(bare) or _ELLIPSIS.search(bare):
            return Skip(Reason.SYNOPSIS, found[0], line.line)
        if not placeholder and (found := _PLACEHOLDER.search(bare)):
            placeholder = Skip(Reason.PLACEHOLDER, found[0], line.line)
    return placeholder
