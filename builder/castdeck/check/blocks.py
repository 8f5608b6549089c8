"""Blocks as they are run and shown."""

from collections.abc import Iterator

from castdeck.check.subject import Subject
from castdeck.deck.synopsis import find_synopsis
from castdeck.errors import Problem


def never_run(subject: Subject) -> Iterator[Problem]:
    """Blocks with a placeholder that nothing fills, or with the signs of a synopsis. `.norun` says that it is meant."""
    for block in subject.deck.blocks:
        found = find_synopsis(block.lines)
        if not found or block.skip != str(found):
            continue
        if found.is_placeholder:
            hint = f'{{fill.{found.word[1:-1]}="value"}} lets it run; {{.norun}} says that it is only shown'
            message = f"nothing fills {found.word}, so this block is not run"
            yield subject.problem("unfilled-placeholder", message, found.line, found.word, hint)
        else:
            message = f"a synopsis, by its {found.word}, so this block is not run"
            yield subject.problem("synopsis", message, found.line, found.word, "{.norun} says that it is only shown")


def wider_than_terminal(subject: Subject) -> Iterator[Problem]:
    """Lines to type that are longer than their terminal is wide."""
    for block in subject.deck.blocks:
        cols = block.cols or subject.cols
        long = [line for line in block.lines if len(line.text) > cols]
        if long and not block.skip and not block.hidden:
            widest = max(long, key=lambda line: len(line.text))
            message = f"a line of {len(widest.text)} characters in a terminal of {cols} columns"
            hint = f"break it with a backslash, or give the block {{cols={len(widest.text) + 2}}}"
            yield subject.problem("wide-block", message, widest.line, "", hint)
