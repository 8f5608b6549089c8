"""Paragraphs that mean something else in a tool's language."""

from collections.abc import Callable, Sequence

from markdown_it.token import Token


def without_paragraphs(tokens: Sequence[Token], is_taken: Callable[[Token], bool]) -> list[Token]:
    """The tokens without the paragraphs whose inline token `is_taken`."""
    kept: list[Token] = []
    number = 0
    while number < len(tokens):
        is_paragraph = tokens[number].type == "paragraph_open" and number + 2 < len(tokens)
        if is_paragraph and is_taken(tokens[number + 1]):
            number += 3
        else:
            kept.append(tokens[number])
            number += 1
    return kept
