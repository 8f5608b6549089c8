"""What ends a slide or a step: a markdown-it block rule, which never sees inside a fence, comment, list or quote."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from castdeck.errors import DeckError

KINDS = ("slide", "vertical", "step")
_DEFAULTS = {"slide": "-{3}", "vertical": "-{4,}", "step": "--"}


@dataclass(frozen=True)
class Separators:
    """A regular expression a kind; it has to match a whole line, without the blanks around it."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    def kind(self, line: str) -> str:
        """What the line separates: one of KINDS, or ""."""
        return next((kind for kind, pattern in self.patterns if pattern.fullmatch(line)), "")


def read_separators(settings: Mapping[str, Any], path: Path) -> Separators:
    """The front matter's `separators:`, over the defaults. A text between slashes is a regular expression.

    Raises DeckError for an unknown kind or an expression that is none.
    """
    given = settings.get("separators", {})
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise DeckError('separators: takes texts, such as vertical: "--"', path=path, code="invalid-setting")
    for kind in given:
        if kind not in KINDS:
            near = get_close_matches(str(kind), KINDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(KINDS)}"
            raise DeckError(f"separators: has no {kind!r}", path=path, hint=hint, code="invalid-setting")
    own = [kind for kind in KINDS if kind in given]
    rest = [kind for kind in KINDS if kind not in given]
    patterns = [(kind, _pattern(given[kind], path)) for kind in own]
    patterns += [(kind, re.compile(_DEFAULTS[kind])) for kind in rest]
    return Separators(tuple(patterns))


def separators_plugin(markdown: MarkdownIt) -> None:
    """Adds the rule: tokens of type "separator" with `meta["kind"]`, where env["separators"] says which lines count."""
    markdown.block.ruler.before(
        "hr", "separator", _separator, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _separator(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    separators: Separators = state.env["separators"]
    inside = state.level > 0 or state.blkIndent > 0
    if state.is_code_block(line) or (inside and not (silent and state.sCount[line] < state.blkIndent)):
        return False
    kind = separators.kind(state.getLines(line, line + 1, 0, False).strip())
    if not kind:
        return False
    if not silent:
        state.line = line + 1
        token = state.push("separator", "", 0)
        token.meta, token.map = {"kind": kind}, [line, line + 1]
    return True


def _pattern(text: str, path: Path) -> re.Pattern[str]:
    if not text.strip():
        raise DeckError("separators: an empty text separates nothing", path=path, code="invalid-setting")
    if len(text) < 3 or not (text.startswith("/") and text.endswith("/")):
        return re.compile(re.escape(text.strip()))
    try:
        return re.compile(text[1:-1])
    except re.error as error:
        raise DeckError(
            f"separators: {text} is no regular expression: {error}", path=path, code="invalid-setting"
        ) from error
