"""Fixes problems with one certain remedy: swallowed separators, missing `separators:`, blocks that are not commands."""

import re
from collections.abc import Callable, Iterable, Sequence

from castdeck.codes import Code
from castdeck.deck import Deck
from castdeck.deck.skip import Reason
from castdeck.problems import Problem

_DASHES = re.compile(r"-{2,}[ \t]*\r?\n?")
_PROPERTIES_BELOW = re.compile(r"^---?[ \t]*\r?\n((?:[ \t]*\r?\n)+)(?=[a-z][\w-]*:)", re.MULTILINE)
_FENCE = re.compile(r"(?P<fence>[ \t>]*(?:`{3,}|~{3,})[^\r\n]*?)[ \t]*(?P<end>\r?\n?)")


def fixed(text: str, deck: Deck, problems: Iterable[Problem], parse: Callable[[str], Deck]) -> str:
    """The text of the deck's own file without the problems that have one certain remedy.

    `parse` reads a text in place of the deck's.
    """
    own = [problem for problem in problems if problem.path == deck.path]
    lines = text.splitlines(keepends=True)
    _skip_blocks(lines, deck)
    _set_off_separators(lines, own)
    mended = _separators_named("".join(lines), deck, own)
    return _properties_at_separators(mended, parse)


_SAID = (Reason.NORUN, Reason.CHECK)


def _skip_blocks(lines: list[str], deck: Deck) -> None:
    """Add `.norun` to blocks that are not run anyway, unless they only need a value."""
    for block in deck.blocks:
        is_certain = block.skip is not None and block.skip.reason not in _SAID and not block.skip.name
        if not is_certain or deck.file_of(block) != deck.path or block.line > len(lines):
            continue
        found = _FENCE.fullmatch(lines[block.line - 1])
        if found and found["fence"].endswith("}"):
            lines[block.line - 1] = f"{found['fence'][:-1].rstrip()} .norun}}{found['end']}"
        elif found:
            lines[block.line - 1] = f"{found['fence']} {{.norun}}{found['end']}"


def _set_off_separators(lines: list[str], problems: Sequence[Problem]) -> None:
    """Insert an empty line above each separator that makes a heading of text, or is part of HTML."""
    wanted = {
        problem.line
        for problem in problems
        if problem.line
        and (problem.code is Code.SWALLOWED_SEPARATOR or (problem.code is Code.HEADING_BY_DASHES and problem.is_error))
    }
    for line in sorted(wanted, reverse=True):
        if 1 < line <= len(lines) and _DASHES.fullmatch(lines[line - 1]) and lines[line - 2].strip():
            lines.insert(line - 1, "\r\n" if lines[line - 2].endswith("\r\n") else "\n")


def _separators_named(text: str, deck: Deck, problems: Sequence[Problem]) -> str:
    """Add `separators:` to the front matter if exactly one kind of line looks like a separator."""
    lines = [problem.word for problem in problems if problem.code is Code.UNKNOWN_SEPARATOR and problem.word]
    if len(lines) != 1 or "separators" in deck.settings or "?" in lines[0] or '"' in lines[0]:
        return text
    kind = "slide" if len(deck.slides) == 1 and lines[0] != "--" else "vertical"
    setting = f'separators: {{{kind}: "{lines[0]}"}}\n'
    if deck.settings and text.lstrip("\ufeff").startswith("---"):
        first, rest = text.split("\n", 1)
        return f"{first}\n{setting}{rest}"
    return text if deck.settings else f"---\n{setting}---\n\n{text}"


def _properties_at_separators(text: str, parse: Callable[[str], Deck]) -> str:
    """Remove empty lines between a separator and its properties, if that changes no slide."""
    for found in reversed(list(_PROPERTIES_BELOW.finditer(text))):
        moved = text[: found.start(1)] + text[found.end(1) :]
        if _shape(parse(moved)) == _shape(parse(text)):
            text = moved
    return text


def _shape(deck: Deck) -> list[object]:
    return [
        (slide.id, slide.title, dict(slide.attributes), [(token.type, token.content) for token in slide.tokens])
        for slide in deck.slides
    ]
