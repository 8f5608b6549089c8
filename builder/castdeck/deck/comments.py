"""HTML comments as speaker notes, for dialects that use them so."""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_FOR_PROGRAMS = re.compile(
    r"\s*(?:prettier|markdownlint|textlint|eslint|cspell|spell-?checker|vale|fit\b)", re.IGNORECASE
)


def is_comment(html: str) -> bool:
    """Whether the HTML consists only of comments."""
    ended = html.rfind("-->") + 3
    return "<!--" in html[:ended] and not (_COMMENT.sub("", html[:ended]) + html[ended:]).strip()


def notes_in(html: str, line: int) -> list[Token]:
    """Tokens of the speaker notes in comments. `line` is that of the HTML, from 0."""
    found: list[Token] = []
    for comment in _COMMENT.finditer(html):
        if _FOR_PROGRAMS.match(comment[1]):
            continue
        first = line + html.count("\n", 0, comment.start(1))
        for token in _parser().parse(_dedented(comment[1])):
            if token.map:
                token.map = [token.map[0] + first, token.map[1] + first]
            found.append(token)
    return found


def last_comments(tokens: Sequence[Token]) -> int:
    """The number of the first of those of a slide's tokens that only comments follow."""
    others = (
        number
        for number in reversed(range(len(tokens)))
        if tokens[number].type != "html_block" or not is_comment(tokens[number].content)
    )
    return next(others, 0)


def _dedented(text: str) -> str:
    return "\n".join(
        line.strip() if not line.strip().startswith(("-", "*")) else line.rstrip() for line in text.split("\n")
    )


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
