"""A dialect as a value: what differs between the tools that decks are written for."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from castdeck.codes import Code

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

ENOUGH = 6
"""Points at which a dialect counts as detected."""


class Comments(Enum):
    """What comments are: plain HTML, speaker notes, or speaker notes only at the end of a slide."""

    HTML = auto()
    NOTES = auto()
    NOTES_AT_END = auto()


class PropertyStyle(Enum):
    """How slide properties are written: as lines, as YAML between separators, or both."""

    BOTH = auto()
    LINES = auto()
    YAML = auto()


@dataclass(frozen=True)
class Sign:
    """A pattern that suggests a dialect, a name for it in messages, and its weight."""

    what: str
    pattern: re.Pattern[str]
    points: int = ENOUGH
    in_first_line: bool = False


@dataclass(frozen=True)
class Lost:
    """A pattern of what a tool has and castdeck does not, and the remedy. With `in_code`, it is looked for in fences:
    the info string and, below it, the code."""

    pattern: re.Pattern[str]
    hint: str = ""
    in_code: bool = False


@dataclass(frozen=True)
class Dialect:
    """The language of one tool, and the signs by which its decks are detected.

    `telling` are front matter settings that only this tool has, `settings` its other ones; only those in `heeded`
    have an effect in castdeck. `themes` are the names of themes that come with it alone. `separators` override
    castdeck's defaults. With `ends_text`, a separator right below text ends it, where CommonMark would read a
    heading; with `underlines`, four dashes or more don't. `breaks` keeps line breaks; `has_note_word` enables
    `Note:`, `has_emojis` `:tada:`, `shows_cells` the code of cells that a tool would run. `has_own_first` means
    that the first slide is read in another way than the others. `links_addresses` makes links of addresses in text.
    `has_steps` means that `--` is the tool's own step, `has_classes` that it has `.class[...]`, `scopes_styles`
    that a `<style>` is for its slide only. `lost` is what castdeck has no equivalent of. `other_property` is the
    code for a property that castdeck does not know, None if there may be any. `plugin` extends the parser,
    `own_settings` translates settings, `text_settings` reads those in the text, `divide` rewrites the tokens before
    they are cut into slides, `mend` the parts after.
    """

    name: str
    tool: str
    telling: frozenset[str] = frozenset()
    settings: frozenset[str] = frozenset()
    heeded: frozenset[str] = frozenset()
    themes: frozenset[str] = frozenset()
    signs: tuple[Sign, ...] = ()
    separators: Mapping[str, str] = field(default_factory=dict, hash=False)
    ends_text: bool = False
    underlines: bool = False
    properties: PropertyStyle = PropertyStyle.BOTH
    breaks: bool = False
    comments: Comments = Comments.HTML
    has_note_word: bool = True
    has_emojis: bool = False
    shows_cells: bool = True
    has_own_first: bool = False
    links_addresses: bool = False
    has_steps: bool = False
    has_classes: bool = False
    scopes_styles: bool = False
    lost: tuple[Lost, ...] = ()
    other_property: Code | None = Code.UNKNOWN_PROPERTY
    plugin: Callable[[MarkdownIt], None] | None = None
    own_settings: Callable[[Mapping[str, object]], dict[str, object]] | None = None
    text_settings: Callable[[str], dict[str, object]] | None = None
    divide: Callable[[list[Token], Mapping[str, object]], list[Token]] | None = None
    mend: Callable[[list["Part"], Mapping[str, object]], None] | None = None
