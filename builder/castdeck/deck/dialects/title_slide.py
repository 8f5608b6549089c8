"""A first slide made of what the front matter says of the deck, as presenterm and pandoc make one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

if TYPE_CHECKING:
    from castdeck.deck.parts import Part


def put_title_slide(parts: list["Part"], settings: Mapping[str, object], below: Iterable[str]) -> None:
    """A slide with the title and the other settings named in `below`, before all others; none without any of them."""
    lines = [f"# {title}" for title in _texts(settings.get("title"))]
    lines += [text for name in below for text in _texts(settings.get(name))]
    if parts and lines:
        first = parts[0]
        parts.insert(0, type(first)(False, 1, first.path, tokens=_tokens(lines), values={"layout": "cover"}))


def _texts(value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        text = one.get("name") if isinstance(one, dict) else one
        if isinstance(text, str | int | float | date) and str(text).strip():
            yield " ".join(str(text).split())


def _tokens(lines: Iterable[str]) -> list[Token]:
    tokens = MarkdownIt().parse("\n\n".join(lines))
    for token in tokens:
        token.map = token.map and [0, 1]
    return tokens
