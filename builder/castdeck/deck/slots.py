"""Slidev's `layout: two-cols`: what stands before `::right::` is the left column, headings above stay above."""

from collections.abc import Sequence

from markdown_it.token import Token


def fill_slots(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with a column for each slot; as they are where there is none."""
    marks = [number for number, token in enumerate(tokens) if token.type == "slot"]
    if not marks:
        return list(tokens)
    start = _after_headings(tokens)
    end = next(
        (number for number, token in enumerate(tokens) if token.type in ("notes", "footnotes_open")), len(tokens)
    )
    columns = [list(tokens[start : marks[0]])] if marks[0] > start else []
    for mark, following in zip(marks, [*marks[1:], end], strict=True):
        columns.append(list(tokens[mark + 1 : following]))
    inside = [token for column in columns for token in _div("column", column)]
    return [*tokens[:start], *_div("columns", inside), *tokens[end:]]


def _after_headings(tokens: Sequence[Token]) -> int:
    number = 0
    while number + 2 < len(tokens) and tokens[number].type == "heading_open":
        number += 3
    return number


def _div(name: str, tokens: Sequence[Token]) -> list[Token]:
    opening = Token("div_open", "div", 1, attrs={"class": name}, block=True)
    return [opening, *tokens, Token("div_close", "div", -1, block=True)]
