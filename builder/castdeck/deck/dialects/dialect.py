"""What one tool's decks have that others read in another way."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

ENOUGH = 6
"""So many points tell a dialect."""


class Comments(Enum):
    """What the comments on a slide are: nothing special, notes, or notes where they stand at its end."""

    HTML = auto()
    NOTES = auto()
    NOTES_AT_END = auto()


class PropertyStyle(Enum):
    """How a slide's properties are written."""

    BOTH = auto()
    LINES = auto()
    YAML = auto()


@dataclass(frozen=True)
class Sign:
    """A line that tells a dialect: what it is called, what it looks like, and how many points it counts."""

    what: str
    pattern: re.Pattern[str]
    points: int = ENOUGH


@dataclass(frozen=True)
class Dialect:
    """A tool's habits, and the signs by which its decks are told.

    `telling` are settings of the front matter that only this tool has, `settings` other ones of its; all but those in
    `heeded` do nothing here.
    `separators` are over castdeck's defaults; a slide's separator `ends_text` right above it, where CommonMark makes a
    heading of both. `breaks` shows the ends of lines. `has_note_word` is for `Note:`, `has_emojis` for `:tada:`.
    `plugin` adds to the parser, `own_settings` says what the tool's settings are here, `divide` changes the tokens
    before they are cut into slides, `mend` the slides' parts.
    """

    name: str
    tool: str
    telling: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    heeded: frozenset[str] = frozenset()
    signs: tuple[Sign, ...] = ()
    separators: Mapping[str, str] = field(default_factory=dict, hash=False)
    ends_text: bool = False
    properties: PropertyStyle = PropertyStyle.BOTH
    breaks: bool = False
    comments: Comments = Comments.HTML
    has_note_word: bool = True
    has_emojis: bool = False
    plugin: Callable[[MarkdownIt], None] | None = None
    own_settings: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None
    divide: Callable[[list[Token], Mapping[str, Any]], list[Token]] | None = None
    mend: Callable[[Sequence["Part"], Mapping[str, Any]], None] | None = None
