"""Text that CommonMark reads in another way than its author probably meant."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.token import Token

from castdeck.errors import Problem


def fence_problems(tokens: Sequence[Token], lines: Sequence[str], path: Path) -> Iterator[Problem]:
    """Fences that nothing closes: all that follows is code."""
    for token in tokens:
        if token.type != "fence" or not token.map:
            continue
        last = lines[token.map[1] - 1].strip().lstrip("> ") if token.map[1] <= len(lines) else ""
        closed = token.map[1] - token.map[0] > 1 and set(last) == {token.markup[0]} and len(last) >= len(token.markup)
        if not closed:
            yield Problem(
                f"this code block is never closed: {token.markup} needs a line of as many at its end",
                path,
                token.map[0] + 1,
                "all that follows, separators too, is code now",
            )


def heading_problems(tokens: Sequence[Token], path: Path) -> Iterator[Problem]:
    """Dash lines right under text, which make a heading of it and no new slide."""
    for token in tokens:
        if token.type == "heading_open" and token.markup.startswith("-") and not token.level and token.map:
            yield Problem(
                "this dash line makes the text above it a heading",
                path,
                token.map[1],
                "put an empty line before it if a new slide was meant",
            )
