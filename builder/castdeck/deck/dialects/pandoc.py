"""pandoc: slides begin at headings, `% Title` stands first, `::: incremental` shows lists one by one.

The slide level is that of the first-rank headings that have text below them, or what `slide-level:` says; headings
above it are slides of their own. https://pandoc.org/MANUAL.html#structuring-the-slide-show

patat does so only in a deck without separators, or at its `slideLevel:`. https://github.com/jaspervdj/patat#input-format
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from markdown_it.token import Token

from castdeck.deck.dialects.dialect import Dialect, Sign
from castdeck.deck.dialects.headings import divided_at
from castdeck.deck.dialects.pandoc_divs import divs_plugin
from castdeck.deck.dialects.title_slide import put_title_slide

if TYPE_CHECKING:
    from castdeck.deck.parts import Part

_LEVEL = ("slide-level", "slide_level")
_BELOW_THE_TITLE = ("subtitle", "author", "institute", "date")
_DEEPEST = 6
_BEAMERS_THEMES = frozenset(
    """
    annarbor antibes bergen berkeley berlin boadilla cambridgeus copenhagen darmstadt dresden frankfurt goettingen
    hannover ilmenau juanlespins luebeck madrid malmoe marburg metropolis montpellier paloalto pittsburgh rochester
    singapore szeged warsaw
    """.split()  # noqa: SIM905
)


def _own_settings(settings: Mapping[str, object]) -> dict[str, object]:
    """The title as a text: pandoc takes a list, too."""
    title = settings.get("title")
    return {"title": ", ".join(map(str, title))} if isinstance(title, list) else {}


def _divide(tokens: list[Token], settings: Mapping[str, object]) -> list[Token]:
    patats = settings.get("patat")
    levels = [settings.get(name) for name in _LEVEL]
    levels += [patats.get("slideLevel")] if isinstance(patats, dict) else []
    said = next((level for level in levels if isinstance(level, int)), None)
    if said is None and "patat" in settings and any(token.type == "separator" for token in tokens):
        return tokens
    level = said if said is not None else _slide_level(tokens)
    return divided_at(tokens, range(1, level + 1))


def _slide_level(tokens: Sequence[Token]) -> int:
    found = _DEEPEST
    for number, token in enumerate(tokens):
        if token.type == "heading_open" and not token.level:
            after = tokens[number + 3] if number + 3 < len(tokens) else None
            if after and after.type not in ("heading_open", "separator"):
                found = min(found, int(token.tag[1:]))
    return found


def _mend(parts: list["Part"], settings: Mapping[str, object]) -> None:
    title = _title_block(parts[0].tokens) if parts else {}
    for part in parts:
        part.tokens[:] = _one_by_one(part.tokens, _is_incremental(settings))
    if "patat" not in settings:  # which has the title in its margin
        put_title_slide(parts, {**settings, **title}, _BELOW_THE_TITLE)
    if title and len(parts) > 1 and not parts[1].tokens:
        del parts[1]


def _is_incremental(settings: Mapping[str, object]) -> bool:
    patats = settings.get("patat")
    return settings.get("incremental") is True or (isinstance(patats, dict) and patats.get("incrementalLists") is True)


def _title_block(tokens: list[Token]) -> dict[str, object]:
    """What `% Title`, `% Authors` and `% Date` say, which are taken out of the tokens."""
    inline = tokens[1] if len(tokens) > 1 and tokens[0].type == "paragraph_open" else None
    lines = inline.content.split("\n") if inline else []
    if not lines or not all(line.startswith("%") for line in lines):
        return {}
    del tokens[:3]
    title, authors, date = [*(line[1:].strip() for line in lines), "", ""][:3]
    return {"title": title, "author": [one.strip() for one in authors.split(";")], "date": date}


def _one_by_one(tokens: Sequence[Token], is_said: bool) -> Iterator[Token]:
    """The tokens with fragments in the lists that are `incremental`."""
    inside: list[bool] = [is_said]
    for token in tokens:
        if token.type == "div_open":
            classes = str(token.attrs.get("class", "")).split()
            inside.append("incremental" in classes or (inside[-1] and "nonincremental" not in classes))
        elif token.type == "div_close":
            inside.pop()
        elif token.type == "list_item_open" and inside[-1]:
            token.attrJoin("class", "fragment")
        yield token


PANDOC = Dialect(
    "pandoc",
    "pandoc",
    telling=frozenset({*_LEVEL, "patat", "revealjs-url", "beameroption", "fonttheme", "colortheme"}),
    settings=frozenset(
        {*_BELOW_THE_TITLE, "incremental", "aspectratio", "header-includes", "beamerarticle", "bibliography"}
    ),
    heeded=frozenset({*_LEVEL, "patat", *_BELOW_THE_TITLE, "incremental"}),
    themes=_BEAMERS_THEMES,
    signs=(Sign("% Title", re.compile(r"^% +[^\s:]+( [^:]*)?$"), in_first_line=True),),
    separators={"slide": r"/(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}/"},
    plugin=divs_plugin,
    own_settings=_own_settings,
    divide=_divide,
    mend=_mend,
)
