"""Block attributes in an HTML comment right before the block: `<!-- castdeck: norun -->`.

For files such as a README, which are also shown elsewhere: attributes in the info string would be visible there.
Indented code below such a comment is a `bash` block.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.info import FLAGS
from castdeck.deck.parts import file_of
from castdeck.problems import Place, Problem

BLOCK_COMMENT = re.compile(r"\s*<!--\s*castdeck:\s*(?P<words>[^>]*?)\s*-->\s*")


def take_block_comments(tokens: Iterable[Token], path: Path, problems: list[Problem]) -> Iterator[Token]:
    """Move the attributes of such comments to the fences after them. Stray comments are reported in `problems`."""
    waiting: tuple[Token, str] | None = None
    for token in tokens:
        if waiting:
            comment, words = waiting
            waiting = None
            if token.type == "code_block":
                token.type, token.tag, token.markup, token.info = "fence", "code", "```", "bash"
            if token.type == "fence":
                token.info = _with(token.info, words)
            else:
                line = (comment.map or [0])[0] + 1
                place = Place(file_of(comment, path), line)
                message, hint = "no code block follows this comment of castdeck's", "put it right before one"
                problems.append(Problem(Code.UNKNOWN_ATTRIBUTE, place, message, hint))
        found = BLOCK_COMMENT.fullmatch(token.content) if token.type == "html_block" else None
        if found:
            waiting = token, found["words"]
        else:
            yield token


def _with(info: str, words: str) -> str:
    attributes = " ".join(f".{word}" if word in FLAGS else word for word in words.split())
    before, brace, after = info.rpartition("}")
    return f"{before} {attributes}}}{after}" if brace else f"{info} {{{attributes}}}"
