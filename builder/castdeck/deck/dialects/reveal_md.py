"""reveal-md: separators are regular expressions over the whole text, settings are reveal.js's."""

import re
from collections.abc import Mapping

from markdown_it.token import Token

from castdeck.deck.dialects.dialect import Dialect
from castdeck.deck.dialects.quoted_maths import read_formulas

_ENDS = re.compile(r"^\^?(?:\\r|\\n|\?|\(\\r\\n\|\\n\)|[\r\n])*\^?|\$?(?:\\r|\\n|\?|\(\\r\\n\|\\n\)|[\r\n])*\$?$")
_KINDS = {"separator": "slide", "verticalSeparator": "vertical", "notesSeparator": "notes"}


def _own_settings(settings: Mapping[str, object]) -> dict[str, object]:
    """Translate reveal-md's front matter into `separators:` and `reveal:`."""
    separators = {
        kind: f"/{line}/"
        for name, kind in _KINDS.items()
        if kind != "notes" and isinstance(said := settings.get(name), str) and (line := separator_line(said))
    }
    options = settings.get("revealOptions")
    reveal = options if isinstance(options, dict) else {}
    found = {"separators": separators, "reveal": reveal}
    return {name: value | _mapping(settings.get(name)) for name, value in found.items() if value}


def separator_line(expression: str) -> str:
    """The line that an expression over the whole text matches; "" if it matches only empty lines."""
    return _ENDS.sub("", expression.strip()).strip()


def _divide(tokens: list[Token], settings: Mapping[str, object]) -> list[Token]:
    """A separator where as many empty lines stand as an expression of nothing but line ends looks for."""
    read_formulas(tokens)
    wanted = {
        kind: _empty_lines(said)
        for name, kind in _KINDS.items()
        if kind != "notes" and isinstance(said := settings.get(name), str)
    }
    if not any(wanted.values()):
        return tokens
    divided: list[Token] = []
    end = 0
    for token in tokens:
        if token.map and not token.level and token.nesting >= 0 and end:
            gap = token.map[0] - end
            kinds = [kind for kind, lines in wanted.items() if lines and gap >= lines]
            if kinds:
                divided.append(Token("separator", "", 0, map=[end, end + 1], meta={"kind": kinds[0]}, block=True))
        divided.append(token)
        if token.map and token.nesting == 0:
            end = token.map[1]
    return divided


def _empty_lines(expression: str) -> int:
    ends = expression.replace("\\r?", "").replace("\\n", "\n").strip("^$ ")
    return len(ends) if set(ends) == {"\n"} else 0


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


REVEAL_MD = Dialect(
    "reveal-md",
    "reveal-md",
    telling=frozenset(
        {"revealOptions", "separator", "verticalSeparator", "notesSeparator", "highlightTheme", "preprocessor"}
    ),
    settings=frozenset({"css", "scripts", "assetsDir", "featuredSlide", "absoluteUrl", "print", "template", "mermaid"}),
    heeded=frozenset({"revealOptions", "separator", "verticalSeparator"}),
    links_addresses=True,
    ends_text=True,
    own_settings=_own_settings,
    divide=_divide,
)
