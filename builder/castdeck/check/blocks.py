"""Blocks as they are run and shown."""

from collections.abc import Iterator

from castdeck.check.subject import Subject
from castdeck.codes import Code
from castdeck.deck.skip import Reason
from castdeck.problems import Problem


def never_run(subject: Subject) -> Iterator[Problem]:
    """Blocks with a placeholder that nothing fills, or with the signs of a synopsis. `.norun` says that it is meant."""
    for block in subject.deck.blocks:
        skip = block.skip
        if skip and skip.reason is Reason.PLACEHOLDER:
            hint = f'{{fill.{skip.word[1:-1]}="value"}} lets it run; {{.norun}} says that it is only shown'
            message = f"nothing fills {skip.word}, so this block is not run"
            yield subject.problem(Code.UNFILLED_PLACEHOLDER, message, skip.line, skip.word, hint)
        elif skip and skip.reason is Reason.SYNOPSIS:
            message = f"a synopsis, by its {skip.word}, so this block is not run"
            hint = "{.norun} says that it is only shown"
            yield subject.problem(Code.SYNOPSIS, message, skip.line, skip.word, hint)


def wider_than_terminal(subject: Subject) -> Iterator[Problem]:
    """Lines to type that are longer than their terminal is wide."""
    for block in subject.deck.blocks:
        cols = block.cols or subject.cols
        long = [line for line in block.lines if len(line.text) > cols]
        if long and not block.skip and not block.hidden:
            widest = max(long, key=lambda line: len(line.text))
            message = f"a line of {len(widest.text)} characters in a terminal of {cols} columns"
            hint = f"break it with a backslash, or give the block {{cols={len(widest.text) + 2}}}"
            yield subject.problem(Code.WIDE_BLOCK, message, widest.line, "", hint)
