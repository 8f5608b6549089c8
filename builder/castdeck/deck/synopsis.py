"""Tells a synopsis (`docker run [OPTIONS] <image> ...`) from a command that can be run."""

import re
from collections.abc import Sequence

from castdeck.deck.model import CommandLine

_QUOTED = re.compile(r"'[^']*'|\"(?:\\.|[^\"\\])*\"|\\.")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_HERE_DOCUMENT = re.compile(r"<<(-?)\s*(['\"]?)([\w.-]+)\2")
_PLACEHOLDER = re.compile(r"<[^\W\d][\w.:|/-]*>")
_OPTION = re.compile(r"(?:^|(?<=\s))\[(?:-[^\]]*|[^\W\d][\w .:=|/-]*\.{0,3})\](?=\s|$|\.\.\.)")
_ELLIPSIS = re.compile(r"(?:^|(?<=\s))(?:\.\.\.|…)(?=\s|$)")
_TEST = re.compile(r"(?:^|(?<=[\s;|&!(]))\[ .*? \](?=\s|;|$)|\[\[.*?\]\]")


def synopsis_reason(lines: Sequence[CommandLine]) -> str:
    """What makes the lines a synopsis, in words; "" when they can be run.

    Here-documents, quotes and comments don't count.
    """
    until = ""
    for line in lines:
        if until:
            until = "" if line.text.strip() == until else until
            continue
        here = _HERE_DOCUMENT.search(line.text)
        until = here[3] if here else ""
        bare = _COMMENT.sub("", _QUOTED.sub('""', line.text))
        bare = _TEST.sub("", _HERE_DOCUMENT.sub("", bare))
        if found := _PLACEHOLDER.search(bare):
            return f'{found[0]} is not filled (line {line.line}); fill.{found[0][1:-1]}="value" would run it'
        if found := _OPTION.search(bare) or _ELLIPSIS.search(bare):
            return f"a synopsis, by its {found[0]} (line {line.line})"
    return ""
