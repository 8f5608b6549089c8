"""Separators of slides and steps, as a markdown-it block rule that never applies in a fence, comment, list or quote."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from markdown_it.rules_block import StateBlock, html_block, lheading

from castdeck.codes import Code
from castdeck.deck.divs import close_divs, is_top_level, open_divs
from castdeck.errors import DeckError
from castdeck.linear import linear
from castdeck.suggest import suggest

KINDS = ("slide", "vertical", "step", "notes")
NEW_SLIDE = ("slide", "vertical")
_DEFAULTS = {"slide": "-{3}", "vertical": "-{4,}", "step": r"--|\. \. \.", "notes": r"\?{3}"}
_MARKS = frozenset("-?.+*_<[")
"""The characters with which the separators of castdeck and of the dialects begin."""
_TO_THEIR_END = ("<!", "<?", "<script", "<pre", "<style", "<textarea")
_NOTE = re.compile(r"(?i:notes?):(?=\s|$)")


class Pattern(Protocol):
    """A regular expression. Those from decks are matched in linear time."""

    def fullmatch(self, text: str, /) -> object | None:
        """A match object if the whole text matches."""


@dataclass(frozen=True)
class Separators:
    """A regular expression for each kind, which must match a whole stripped line.

    `starts` are the characters that such a line can begin with; None if unknown.
    """

    patterns: tuple[tuple[str, Pattern], ...]
    starts: frozenset[str] | None = None

    def kind(self, line: str) -> str:
        """The kind of separator that the line is: one of KINDS, or ""."""
        if self.starts is not None and line[:1] not in self.starts:
            return ""
        for kind, pattern in self.patterns:
            if pattern.fullmatch(line):
                return kind
        return ""


def read_separators(
    settings: Mapping[str, object], path: Path, usual: Mapping[str, str] = MappingProxyType({})
) -> Separators:
    """The front matter's `separators:`, which override the `usual` ones. Text between slashes is a regular expression.

    Raises DeckError for an unknown kind or an invalid expression.
    """
    given = settings.get("separators", {})
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise _wrong('separators: takes texts, such as vertical: "--"', path)
    for kind in given:
        if kind not in KINDS:
            raise _wrong(f"separators: has no {kind!r}", path, suggest(str(kind), KINDS))
    if any(not text.strip() for text in given.values()):
        raise _wrong("separators: an empty text separates nothing", path)
    is_own_expression = any(_is_expression(text.strip()) for text in given.values())
    given = {**usual, **given}
    own = [kind for kind in KINDS if kind in given]
    rest = [kind for kind in KINDS if kind not in given]
    patterns = [(kind, _pattern(given[kind], path)) for kind in own]
    patterns += [(kind, re.compile(_DEFAULTS[kind])) for kind in rest]
    starts = None if is_own_expression else _MARKS | {given[kind].strip()[0] for kind in own}
    return Separators(tuple(patterns), starts)


def starts_notes(text: str) -> str:
    """The `Note:` at the beginning of the text; "" if there is none."""
    found = _NOTE.match(text)
    return found[0] if found else ""


def separator_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a token "separator" with `meta["kind"]`, for lines that match env["separators"]."""
    separators: Separators = state.env["separators"]
    start = state.bMarks[line] + state.tShift[line]
    text = state.src[start : state.eMarks[line]].strip()
    kind = separators.kind(text)
    if not kind or not is_top_level(state, line, silent) or _is_underline(state, line, kind):
        return False
    if not silent:
        if kind != "step":
            close_divs(state)
        state.line = line + 1
        token = state.push("separator", "", 0)
        token.meta, token.map, token.markup = {"kind": kind}, [line, line + 1], text
    return True


def _is_underline(state: StateBlock, line: int, kind: str) -> bool:
    """Whether the line is four dashes or more right below text, which some dialects read as CommonMark does."""
    if kind != "vertical" or not state.env["dialect"].underlines or not line or state.isEmpty(line - 1):
        return False
    return state.src[state.bMarks[line] : state.eMarks[line]].strip("- \t") == ""


_LOOKED = "separator_below"  # what was found last


def heading_above_separator(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """CommonMark's setext heading, unless the line below is a slide separator."""
    return lheading(state, line, separator_below(state, line, end), silent)


def html_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """CommonMark's HTML block, unless it is a comment or has an end tag of its own ended by the `:::` of a div too.

    In decks of tools that split text rather than markdown, separators and code end it as well: otherwise the end of
    that code would open another block, and the separators after it would be code.
    """
    start = state.bMarks[line] + state.tShift[line]
    if not state.src.startswith("<", start) or state.src[start : start + 10].lower().startswith(_TO_THEIR_END):
        return html_block(state, line, end, silent)
    ends: tuple[str, ...] = (":::",) if open_divs(state) else ()
    if state.env["dialect"].ends_text:
        end, ends = separator_below(state, line, end), (*ends, "```", "~~~")
    return html_block(state, line, _first_of(state, line + 1, end, ends) if ends else end, silent)


def _first_of(state: StateBlock, line: int, end: int, begins: tuple[str, ...]) -> int:
    """The first line that begins so, before an empty one; `end` without one."""
    for at in range(line, end):
        if state.isEmpty(at):
            break
        if state.src.startswith(begins, state.bMarks[at] + state.tShift[at]):
            return at
    return end


def separator_below(state: StateBlock, line: int, end: int) -> int:
    """The first slide separator below `line` and before an empty line; without one, that empty line or `end`."""
    key, first, stop, found = state.env.get(_LOOKED, ((), 0, 0, 0))
    if key == (state, state.level, end) and first <= line < stop:  # it was looked for from a line above
        return int(found)
    separators: Separators = state.env["separators"]
    found, below = end, line
    for below in range(line + 1, end):
        if state.isEmpty(below):
            break
        text = state.src[state.bMarks[below] + state.tShift[below] : state.eMarks[below]].strip()
        kind = separators.kind(text)
        if kind in NEW_SLIDE and not _is_underline(state, below, kind):
            found = below
            break
    state.env[_LOOKED] = (state, state.level, end), line, below, found
    return found


def note_rule(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Parse a line that begins with reveal.js's `Note:` as a paragraph; it ends everything above, including divs."""
    start = state.bMarks[line] + state.tShift[line]
    if (
        not state.env["dialect"].has_note_word
        or state.src[start : start + 1] not in ("N", "n")
        or not _NOTE.match(state.src, start)
    ):
        return False
    if not is_top_level(state, line, silent):
        return False
    if not silent:
        close_divs(state)
    return silent


def _is_expression(text: str) -> bool:
    return len(text) >= 3 and text.startswith("/") and text.endswith("/")


def _pattern(text: str, path: Path) -> Pattern:
    if not _is_expression(text):
        return re.compile(re.escape(text.strip()))
    try:
        found: Pattern = linear(text[1:-1])
    except ValueError as error:
        raise _wrong(f"separators: {text} is no regular expression: {error}", path) from error
    return found


def _wrong(message: str, path: Path, hint: str = "") -> DeckError:
    return DeckError(message, path=path, hint=hint, code=Code.INVALID_SETTING, word="separators:")
