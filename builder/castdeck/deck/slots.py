"""Slidev's `layout: two-cols`: the content before `::right::` is the left column; headings above stay above.

With `::left::` all above it does (`two-cols-header`), and `::bottom::` stands below.
"""

from collections.abc import Sequence

from markdown_it.token import Token


def fill_slots(tokens: Sequence[Token]) -> list[Token]:
    """Make a column of each slot, if there are any."""
    marks = [number for number, token in enumerate(tokens) if token.type == "slot"]
    if not marks:
        return list(tokens)
    start = marks[0] if tokens[marks[0]].content == "left" else _after_headings(tokens)
    whole = end = len(split_off(tokens)[0])
    if len(marks) > 1 and tokens[marks[-1]].content == "bottom":
        end = marks.pop()
    columns = [list(tokens[start : marks[0]])] if marks[0] > start else []
    for mark, following in zip(marks, [*marks[1:], end], strict=True):
        columns.append(list(tokens[mark + 1 : following]))
    inside = [token for column in columns for token in div("column", column)]
    return [*tokens[:start], *div("columns", inside), *tokens[end + 1 : whole], *tokens[whole:]]


def split_off(tokens: Sequence[Token]) -> tuple[list[Token], list[Token]]:
    """Split tokens into those for columns, and the notes and footnotes after them."""
    ends = (number for number, token in enumerate(tokens) if token.type in ("notes", "footnotes_open"))
    end = next(ends, len(tokens))
    return list(tokens[:end]), list(tokens[end:])


def div(name: str, tokens: Sequence[Token], width: str = "") -> list[Token]:
    """Wrap the tokens in a div of that class."""
    return [opening_div(name, width), *tokens, closing_div()]


def opening_div(name: str, width: str = "") -> Token:
    """The token that begins a div of that class."""
    attributes: dict[str, str | int | float] = {"class": name}
    if width:
        attributes["style"] = f"width:{width}"
    return Token("div_open", "div", 1, attrs=attributes, block=True)


def closing_div() -> Token:
    """The token that ends a div."""
    return Token("div_close", "div", -1, block=True)


def _after_headings(tokens: Sequence[Token]) -> int:
    number = 0
    while number + 2 < len(tokens) and tokens[number].type == "heading_open":
        number += 3
    return number
