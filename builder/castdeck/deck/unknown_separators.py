"""Finds lines that separate slides in other tools but not here. Each kind is reported once, with the setting to use."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.token import Token

from castdeck.codes import Code
from castdeck.deck.dialects import Dialect
from castdeck.deck.separators import NEW_SLIDE
from castdeck.problems import Place, Problem

_MARKS = re.compile(r"(?:-{2,}|\+{3,}|={3,}|~{3,}|_{3,}|\*{3,}|#{3,}|%{2,}|/{3,})(?:[>|]|\?\S*|slide)?", re.IGNORECASE)
_MAY_BE = re.compile(r"--|\+\+|==|~~|__|\*\*|##|%%|//")
_COMMENT = re.compile(r"<!--\s*/?([\w-]+)\s*-->")
_KNOWN = re.compile(r"\+{3,}|~{3,}slide|<!--\s*(?:slide|vertical|[sv])\s*-->", re.IGNORECASE)
_NO_SEPARATORS = re.compile(r"<!--\s*(?:fit|more|toc|/?toc|end|omit|nomarp)\b", re.IGNORECASE)
_SHOWN = frozenset({"hr", "html_block", "inline"})
_OFTEN = 2
_DEFAULT_LEVEL = 2
_MOST = 2.5  # headings of a slide, where there are many slides
_EMPTY = 3
_SLIDE = re.compile(r"<!--\s*\.slide\b")
_MANY = 5  # headings of one slide among others
_FEW = 3  # of the only slide, some of one level


@dataclass
class _Kind:
    """One kind of line: its first spelling, and its lines (from 1)."""

    text: str
    lines: list[int] = field(default_factory=list)


def unknown_separators(
    tokens: Sequence[Token], lines: Sequence[str], dialect: Dialect, path: Path
) -> Iterator[Problem]:
    """Report each kind of line that looks like a separator, and `--` before headings."""
    separators = [number for number, token in enumerate(tokens) if token.type == "separator"]
    slides = sum(tokens[number].meta["kind"] in NEW_SLIDE for number in separators)
    kinds: dict[str, _Kind] = {}
    for text, line in _lines(tokens, lines):
        kinds.setdefault(_normal(text), _Kind(text)).lines.append(line)
    for kind in kinds.values():
        if _KNOWN.fullmatch(kind.text) or (len(kind.lines) >= _OFTEN and len(kind.lines) >= slides):
            yield _problem(kind, "vertical" if slides else "slide", path)
    if dialect.name == "castdeck":
        yield from _empty_lines(tokens, lines, slides, path)
        yield from _headings_within(tokens, slides, path)
    if not separators and not kinds and dialect.name == "castdeck":
        yield from _headings_alone(tokens, path)
    if not dialect.has_steps:
        yield from _steps_before_headings(tokens, separators, path)


def _lines(tokens: Iterable[Token], source: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each top-level line that may be a separator, with its number (from 1)."""
    for token in tokens:
        kind = token.type
        if kind not in _SHOWN:
            continue
        first = (token.map or [0])[0] + 1
        if kind == "hr":
            written = source[first - 1].strip()
            if not token.level and not written.startswith("--"):
                yield written if " " in written else token.markup[0] * 3, first
        elif kind == "html_block":
            if _COMMENT.fullmatch(token.content.strip()) and not _NO_SEPARATORS.match(token.content):
                yield token.content.strip(), first
        elif token.level == 1 and _MAY_BE.search(token.content):
            for number, line in enumerate(token.content.split("\n")):
                if _MARKS.fullmatch(line.strip()):
                    yield line.strip(), first + number


def _normal(text: str) -> str:
    return re.sub(r"\s", "", text.partition("?")[0].lower())


def _problem(kind: _Kind, name: str, path: Path) -> Problem:
    times = f", {len(kind.lines)} times" if len(kind.lines) > 1 else ""
    text = f"/{re.escape(kind.text.partition('?')[0])}.*/" if "?" in kind.text else kind.text
    quote = "'" if '"' in text or "\\" in text else '"'
    hint = f"in the front matter, `separators: {{{name}: {quote}{text}{quote}}}` makes a separator of it"
    message = f"{kind.text} separates nothing here{times}"
    return Problem(Code.UNKNOWN_SEPARATOR, Place(path, kind.lines[0]), message, hint, kind.text)


def _empty_lines(tokens: Sequence[Token], lines: Sequence[str], slides: int, path: Path) -> Iterator[Problem]:
    """Three empty lines before a heading or a slide's comment, which separate slides for some of reveal.js's users."""
    found: list[int] = []
    above = ""
    for token in tokens:
        if token.level or not token.map or token.nesting < 0:
            continue
        first = token.map[0]
        begins = token.type == "heading_open" or (token.type == "html_block" and _SLIDE.match(token.content))
        if begins and above not in ("", "separator") and not any(map(str.strip, lines[first - _EMPTY : first])):
            found.append(first)
        above = token.type
    if len(found) < _OFTEN or len(found) * 2 < slides:
        return
    message = f"{_EMPTY} empty lines, {len(found)} times, separate nothing here"
    hint = 'in the front matter, `verticalSeparator: "\\n\\n\\n"` makes each a slide below that one'
    yield Problem(Code.UNKNOWN_SEPARATOR, Place(path, found[0] + 1), message, hint)


def _headings_within(tokens: Sequence[Token], slides: int, path: Path) -> Iterator[Problem]:
    """Slides with headings in their middle, again and again, as in decks of pandoc that have rules too."""
    headings = [token for token in tokens if token.type == "heading_open" and not token.level]
    titles = [token for token in headings if int(token.tag[1:]) <= _DEFAULT_LEVEL]
    if not slides:
        return
    if len(titles) >= max(_MOST * (slides + 1), _MANY * 2):
        message, first = f"{len(titles)} headings on {slides + 1} slides", titles[1]
    elif crowd := _crowd(tokens):
        message, first = f"{len(crowd)} headings on one slide", crowd[1]
    else:
        return
    hint = "`dialect: pandoc` in the front matter begins a slide at headings, too"
    yield Problem(Code.UNKNOWN_SEPARATOR, Place(path, (first.map or [0])[0] + 1), message, hint)


def _crowd(tokens: Sequence[Token]) -> list[Token]:
    """The headings of one level on a slide that has many of them."""
    on_slide: list[Token] = []
    for token in tokens:
        if token.type == "separator" and token.meta["kind"] in NEW_SLIDE:
            on_slide = []
        elif token.type == "heading_open" and not token.level and int(token.tag[1:]) <= _DEFAULT_LEVEL:
            on_slide.append(token)
            alike = [one for one in on_slide if one.tag == token.tag]
            if len(alike) >= _MANY:
                return alike
    return []


def _headings_alone(tokens: Sequence[Token], path: Path) -> Iterator[Problem]:
    """A deck of one slide with many headings, which begin slides in other tools."""
    headings = (token for token in tokens if token.type == "heading_open" and not token.level)
    titles = [heading for heading in headings if not heading.markup.startswith("-")]
    are_alike = len({title.tag for title in titles}) < len(titles)
    if len(titles) < (_FEW if are_alike else _MANY):
        return
    message = f"{len(titles)} headings, and no separator: all of it is one slide"
    level = _first_level(titles)
    says = "`dialect: pandoc`" if level <= _DEFAULT_LEVEL else f"`dialect: pandoc` and `slide-level: {level}`"
    begin = "begins a slide at headings" if level <= _DEFAULT_LEVEL else "begin a slide at headings"
    hint = f"{says} in the front matter {begin}, `---` on a line of its own does anywhere"
    yield Problem(Code.UNKNOWN_SEPARATOR, Place(path, (titles[1].map or [0])[0] + 1), message, hint)


def _first_level(titles: Sequence[Token]) -> int:
    """The highest level that more than one heading has."""
    levels = sorted(int(title.tag[1:]) for title in titles)
    return next((level for level in levels if levels.count(level) > 1), levels[-1])


def _steps_before_headings(tokens: Sequence[Token], separators: Sequence[int], path: Path) -> Iterator[Problem]:
    steps = [number for number in separators if tokens[number].meta["kind"] == "step"]
    before = [number for number in steps if number + 1 < len(tokens) and tokens[number + 1].type == "heading_open"]
    if len(before) < _OFTEN or len(before) * 2 < len(steps):
        return
    message = f"-- before a heading, {len(before)} times, is a step of the slide above"
    hint = 'in the front matter, `separators: {vertical: "--"}` makes each a slide below that one'
    line = (tokens[before[0]].map or [0])[0] + 1
    yield Problem(Code.UNKNOWN_SEPARATOR, Place(path, line), message, hint, "--")
