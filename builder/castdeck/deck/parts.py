"""Tokens, cut into parts: what becomes a slide each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token

from castdeck.deck.properties import Properties, read_properties
from castdeck.deck.separators import NEW_SLIDE
from castdeck.problems import Problem

NO_PROPERTIES = Properties()


@dataclass
class Part:
    """What stands between two separators. `line` is the first after its separator, from 1, in the file `path`.

    Separators within it stay, as tokens "step" and "notes".
    """

    vertical: bool
    line: int
    path: Path
    tokens: list[Token] = field(default_factory=list)
    properties: Properties = NO_PROPERTIES
    has_properties: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on the slide."""
        return not self.tokens and not self.has_properties


def cut(tokens: Sequence[Token], path: Path, problems: list[Problem]) -> list[Part]:
    """The parts, without empty ones at both ends; one is always left."""
    parts = list(_parts(tokens, path, problems))
    while len(parts) > 1 and parts[0].is_empty:
        parts.pop(0)
    while len(parts) > 1 and parts[-1].is_empty:
        parts.pop()
    return parts


def file_of(token: Token, path: Path) -> Path:
    """The file that a token comes from; `path` is the deck's own."""
    found: Path = token.meta.get("path", path) if token.meta else path
    return found


def _parts(tokens: Sequence[Token], path: Path, problems: list[Problem]) -> Iterator[Part]:
    part = Part(False, 1, path)
    for token in tokens:
        if token.type == "properties":
            properties = read_properties(token.meta["values"])
            part.properties, part.has_properties = properties, True
            file, line = file_of(token, path), (token.map or [0])[0] + 1
            problems += [flaw.at(file, line) for flaw in properties.problems]
        elif token.type != "separator":
            part.tokens.append(token)
        elif token.meta["kind"] in NEW_SLIDE:
            yield part
            part = Part(token.meta["kind"] == "vertical", (token.map or [0])[0] + 2, file_of(token, path))
        else:
            kept: Mapping[str, object] = {key: value for key, value in token.meta.items() if key != "kind"}
            part.tokens.append(Token(token.meta["kind"], "", 0, map=token.map, block=True, meta=dict(kept)))
    yield part
