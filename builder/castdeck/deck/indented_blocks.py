"""Finds commands in indented code, which is never run."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.block_comments import BLOCK_COMMENT
from castdeck.deck.commands import read_code
from castdeck.deck.not_run import why_not_run
from castdeck.deck.plausible import are_well_known
from castdeck.problems import Place, Problem

_HINT = "put ```bash above them and ``` below, or `<!-- castdeck: norun -->` above if they are only shown"


def indented_blocks(tokens: Sequence[Token], path: Path) -> Iterator[Problem]:
    """Report a file's indented code that would be run inside a fence, once, at the first such place."""
    lines = [
        token.map[0] + 1
        for above, token in pairwise((Token("", "", 0), *tokens))
        if token.type == "code_block" and token.map and not _is_said(above) and _is_run(token.content)
    ]
    if lines:
        message = f"commands that are indented are not run ({len(lines)} blocks of this file)"
        message = message if len(lines) > 1 else "these commands are not run, because they are indented"
        yield Problem(Code.INDENTED_BLOCK, Place(path, lines[0]), message, _HINT)


def _is_said(above: Token) -> bool:
    return above.type == "html_block" and bool(BLOCK_COMMENT.fullmatch(above.content))


def _is_run(code: str) -> bool:
    """Whether a fence with this code would be run; one that the code shows is an example of markdown."""
    if "```" in code:
        return False
    reading = read_code(code, "bash", 1, {})
    return why_not_run(reading) is None and (reading.is_session or are_well_known(code))
