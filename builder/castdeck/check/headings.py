"""Rules for the outline of headings."""

from collections.abc import Iterator

from castdeck.check.subject import CheckedFile
from castdeck.codes import Code
from castdeck.problems import Problem


def skipped_levels(subject: CheckedFile) -> Iterator[Problem]:
    """Headings more than one level below the previous one on the slide."""
    for slide in subject.deck.slides:
        before = 0
        for token in slide.tokens:
            if token.type != "heading_open" or not token.map:
                continue
            level = int(token.tag[1])
            if before and level > before + 1:
                message = f"a heading of level {level} under one of level {before}"
                hint = f"write it with {'#' * (before + 1)}"
                yield subject.problem(Code.SKIPPED_HEADING_LEVEL, message, token.map[0] + 1, "#" * level, hint)
            before = level


def headings_in_lists(subject: CheckedFile) -> Iterator[Problem]:
    """Headings inside list items, which are shown as strong text."""
    for slide in subject.deck.slides:
        depth = 0
        for token in slide.tokens:
            depth += token.nesting if token.type in ("list_item_open", "list_item_close") else 0
            if depth and token.type == "paragraph_open" and token.attrs.get("class") == "strong" and token.map:
                message, hint = (
                    "a heading inside a list is shown as strong text",
                    "write **strong text**, or end the list",
                )
                yield subject.problem(Code.HEADING_IN_LIST, message, token.map[0] + 1, "#", hint)
