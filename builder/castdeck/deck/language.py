"""How to parse a deck: its dialect, settings and separators."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.utils import EnvType

from castdeck.deck.dialects import CASTDECK, Dialect
from castdeck.deck.dialects.guess import said_dialect, told_dialect
from castdeck.deck.markdown import markdown
from castdeck.deck.separators import Separators, read_separators
from castdeck.problems import Problem


@dataclass(frozen=True)
class Language:
    """`settings` is the front matter with the dialect's own settings translated; `told` a Problem about a detected
    dialect."""

    separators: Separators
    settings: Mapping[str, object]
    dialect: Dialect = CASTDECK
    told: Problem | None = None

    @property
    def parser(self) -> MarkdownIt:
        """The parser of this dialect."""
        return markdown(self.dialect)

    def env(self) -> EnvType:
        """The env for the parser's rules."""
        return {"separators": self.separators, "dialect": self.dialect}


def with_shell(settings: Mapping[str, object], shell: str) -> Mapping[str, object]:
    """The settings of a front matter, where blocks are typed into that shell unless it names another."""
    return {"shell": shell, **settings} if shell else settings


def language_of(settings: Mapping[str, object], text: str, path: Path) -> Language:
    """The language of a deck, from its front matter and text.

    Raises DeckError for invalid settings.
    """
    said = said_dialect(settings, path)
    dialect, told = (said, None) if said else told_dialect(text, settings, path)
    whole = dict(settings) | (dialect.own_settings(settings) if dialect.own_settings else {})
    whole |= dialect.text_settings(text) if dialect.text_settings else {}
    return Language(read_separators(whole, path, dialect.separators), whole, dialect, told)
