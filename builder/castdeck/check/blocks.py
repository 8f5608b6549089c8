"""Rules for blocks: whether they are run, and fit their terminal."""

from collections.abc import Iterator

from castdeck.check.subject import CheckedFile
from castdeck.codes import Code
from castdeck.deck.skip import Reason
from castdeck.problems import Problem

_SAID = (Reason.NORUN, Reason.CHECK, Reason.EMPTY)
_CODES = {
    Reason.PLACEHOLDER: Code.UNFILLED_PLACEHOLDER,
    Reason.STAND_IN: Code.UNFILLED_PLACEHOLDER,
    Reason.SYNOPSIS: Code.SYNOPSIS,
}


def never_run(subject: CheckedFile) -> Iterator[Problem]:
    """Blocks that are not run although the author did not say so: not commands, or not runnable as written."""
    for block in subject.deck.blocks:
        skip = block.skip
        if skip and skip.reason not in _SAID:
            code = _CODES.get(skip.reason, Code.NOT_A_COMMAND)
            yield subject.problem(code, f"{skip.why}, so this block is not run", skip.line, skip.word, skip.hint)


def wider_than_terminal(subject: CheckedFile) -> Iterator[Problem]:
    """Lines to type that are wider than their terminal."""
    for block in subject.deck.blocks:
        cols = block.cols or subject.cols
        long = [line for line in block.lines if len(line.text) > cols]
        if long and not block.skip and not block.hidden:
            widest = max(long, key=lambda line: len(line.text))
            message = f"a line of {len(widest.text)} characters in a terminal of {cols} columns"
            hint = f"break it with a backslash, or give the block {{cols={len(widest.text) + 2}}}"
            yield subject.problem(Code.WIDE_BLOCK, message, widest.line, "", hint)
