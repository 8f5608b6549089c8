"""remark's `.left-column[...]` and `.right-column[...]`, which its decks' styles put side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markdown_it.token import Token

from castdeck.deck.slots import closing_div, opening_div

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_PAIRS = {"left-column": "right-column", "pull-left": "pull-right"}


def put_columns(parts: list["Part"]) -> None:
    """Put each left column and the right one below it into a row of columns."""
    for part in parts:
        part.tokens[:] = _side_by_side(part.tokens)


def _side_by_side(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    number = 0
    while number < len(tokens):
        right = next((name for left, name in _PAIRS.items() if _has_class(tokens, number, left)), "")
        middle = _after(tokens, number) if right else number
        if right and _has_class(tokens, middle, right):
            end = _after(tokens, middle)
            for opening in (tokens[number], tokens[middle]):
                opening.attrJoin("class", "column")
            found += [opening_div("columns"), *tokens[number:end], closing_div()]
            number = end
        else:
            found.append(tokens[number])
            number += 1
    return found


def _has_class(tokens: Sequence[Token], number: int, name: str) -> bool:
    if number >= len(tokens) or tokens[number].type != "div_open":
        return False
    return name in str(tokens[number].attrs.get("class", "")).split()


def _after(tokens: Sequence[Token], start: int) -> int:
    """The place behind the div that begins at `start`."""
    depth = 0
    for number in range(start, len(tokens)):
        if tokens[number].type in ("div_open", "div_close"):
            depth += tokens[number].nesting
            if not depth:
                return number + 1
    return len(tokens)
