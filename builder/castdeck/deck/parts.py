"""Cuts tokens into parts, one for each slide."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.attributes import comment_attributes, give
from castdeck.deck.dialects import Dialect
from castdeck.deck.properties import NO_PROPERTIES, PROPERTIES, Properties, read_properties, step_attributes
from castdeck.deck.separators import NEW_SLIDE
from castdeck.deck.shown_properties import shown_names
from castdeck.problems import Place, Problem
from castdeck.suggest import is_near

COMMENTS = re.compile(r"(?:\s*<!--.*?-->\s*)+", re.DOTALL)
_OF_A_FILE = frozenset({"include", "src"})
"""Properties that include a file."""


@dataclass
class Part:
    """The tokens between two separators. `line` is the first line after its `separator` (from 1) in the file `path`.

    Step and note separators stay as tokens "step" and "notes". `values` are its properties, written at `said_at`,
    `inherited` the attributes from a layout or template, `shown` the values for `{{name}}`.
    """

    vertical: bool
    line: int
    path: Path
    separator: str = ""
    tokens: list[Token] = field(default_factory=list)
    values: Mapping[str, object] = field(default_factory=dict)
    said_at: Place | None = None
    inherited: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, object] = field(default_factory=dict)

    @property
    def properties(self) -> Properties:
        """The interpreted properties."""
        return read_properties(self.values) if self.values else NO_PROPERTIES

    @property
    def is_empty(self) -> bool:
        """Whether the slide has no content."""
        return not self.tokens and self.values.keys() <= _OF_A_FILE

    @property
    def is_only_a_comment(self) -> bool:
        """Whether it contains only comments: a slide that was commented out."""
        return bool(self.tokens) and not self.values and all(map(_is_comment, self.tokens))


def cut(tokens: Sequence[Token], path: Path) -> list[Part]:
    """Cut tokens into parts, including empty ones."""
    return list(_parts(tokens, path))


def without_empty(parts: Sequence[Part], path: Path) -> list[Part]:
    """Drop parts that contain only comments, and empty ones at both ends; keep at least one."""
    kept = list(_without_comments(parts)) or [Part(False, 1, path)]
    while len(kept) > 1 and kept[0].is_empty:
        kept.pop(0)
    while len(kept) > 1 and kept[-1].is_empty:
        kept.pop()
    return kept


def property_problems(parts: Sequence[Part], dialect: Dialect) -> Iterator[Problem]:
    """Problems of properties. Those used as {{name}} may have any name."""
    shown = {name for part in parts for name in shown_names(part.tokens)}
    for part in parts:
        if not part.said_at:
            continue
        for flaw in part.properties.problems:
            code = flaw.code if is_near(flaw.word, PROPERTIES) else dialect.other_property
            is_name = flaw.code in (Code.UNKNOWN_PROPERTY, Code.UNSUPPORTED)
            if is_name and (code is None or flaw.word in dialect.settings or flaw.word in shown):
                continue
            if flaw.code is Code.UNKNOWN_PROPERTY and code is Code.UNSUPPORTED:
                message = f"castdeck has no equivalent of the property {flaw.word!r}"
                flaw = replace(flaw, code=code, message=message, hint=code.remedy)
            yield flaw.at(part.said_at.path, part.said_at.line)


def file_of(token: Token, path: Path) -> Path:
    """The file that a token comes from. `path` is the deck's own."""
    found: Path = token.meta.get("path", path) if token.meta else path
    return found


def _parts(tokens: Sequence[Token], path: Path) -> Iterator[Part]:
    part = Part(False, 1, path)
    for token in tokens:
        if token.type == "properties":
            values = token.meta["values"]
            if part.tokens:
                give(part.tokens[-1], step_attributes(values))
            else:
                part.values = {**part.values, **values}
                part.said_at = part.said_at or Place(file_of(token, path), (token.map or [0])[0] + 1)
                part.shown = {} if token.meta["yaml"] else part.values
        elif token.type != "separator":
            part.tokens.append(token)
        elif token.meta["kind"] in NEW_SLIDE:
            yield part
            line, file = (token.map or [0])[0] + 2, file_of(token, path)
            part = Part(token.meta["kind"] == "vertical", line, file, token.markup)
        else:
            kept: Mapping[str, object] = {key: value for key, value in token.meta.items() if key != "kind"}
            part.tokens.append(Token(token.meta["kind"], "", 0, map=token.map, block=True, meta=dict(kept)))
    yield part


def _without_comments(parts: Iterable[Part]) -> Iterator[Part]:
    """Drop parts that are only a comment. A vertical slide below such a part takes its place."""
    stands_in = False
    for part in parts:
        if part.is_only_a_comment:
            stands_in = stands_in or not part.vertical
            continue
        part.vertical = part.vertical and not stands_in
        stands_in = False
        yield part


def _is_comment(token: Token) -> bool:
    is_html = token.type == "html_block" and not comment_attributes(token.content)[0]
    return is_html and bool(COMMENTS.fullmatch(token.content))
