"""Quotes, dashes and ellipses as in print, by the deck's language, where the front matter says `typography: true`."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_core.replacements import replace
from markdown_it.rules_core.smartquotes import smartquotes
from markdown_it.token import Token

SETTING = "typography"
_MOST_QUOTES = 500  # of one paragraph, whose text is copied for each
QUOTES = {
    "en": "“”‘’",
    "de": "„“‚‘",
    "es": ["«", "»", "“", "”"],
    "fr": ["«\xa0", "\xa0»", "“", "”"],
}
_FRENCH_SPACE = re.compile(r"(?<=\S) (?=[?!:;»])|(?<=«) ")


def typeset(tokens: Sequence[Token], settings: Mapping[str, object]) -> None:
    """Set the text of these tokens; code, maths and HTML stay as they are."""
    if settings.get(SETTING) is not True:
        return
    language = str(settings.get("lang", "en")).lower().partition("-")[0]
    tokens = [token for token in tokens if token.content.count('"') + token.content.count("'") <= _MOST_QUOTES]
    state = StateCore("", _parser(language), {}, tokens)
    replace(state)
    smartquotes(state)
    if language == "fr":
        for child in (child for token in tokens for child in token.children or () if child.type == "text"):
            child.content = _FRENCH_SPACE.sub("\xa0", child.content)


@cache
def _parser(language: str) -> MarkdownIt:
    return MarkdownIt("commonmark", {"typographer": True, "quotes": QUOTES.get(language, QUOTES["en"])})
