"""Detects which tool a deck was written for, from its front matter and lines; `dialect:` overrides it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from castdeck.codes import Code
from castdeck.deck.dialects import CASTDECK, DIALECTS, Dialect
from castdeck.deck.dialects.dialect import ENOUGH
from castdeck.errors import DeckError
from castdeck.problems import Place, Problem
from castdeck.suggest import suggest

SETTING = "dialect"
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MAY_DIVIDE = "`~- "
_MAY_TELL = re.compile(r"[\[<?@+{:]|^[_%^]")
_SAID = 100  # points of a setting that only one tool has: more than the lines of a deck come to
_CODE = re.compile(r"`[^`]*`")
_PROPERTY = re.compile(r"(class|name|template|count|layout)\s*:\s*(.*?)\s*$")
_KEY = re.compile(r"[a-zA-Z]\w*:(?:\s|$)")
_OF_SLIDEV = re.compile(
    r"(?:layout:\s+image|hideInToc|layoutClass|routeAlias|clicks|transition|level|src):?", re.MULTILINE
)


@dataclass(frozen=True)
class FoundSign:
    """Evidence for a dialect, at a line of the deck (from 1)."""

    dialect: str
    what: str
    line: int
    points: int


def said_dialect(settings: Mapping[str, object], path: Path) -> Dialect | None:
    """The dialect named in the front matter, if any. Raises DeckError for an unknown one."""
    name = settings.get(SETTING)
    if name is None:
        return None
    found = DIALECTS.get(str(name).lower())
    if not found:
        message = f"{SETTING}: there is no {str(name)!r}"
        raise DeckError(message, path=path, hint=suggest(str(name), DIALECTS), code=Code.INVALID_SETTING, word=SETTING)
    return found


def told_dialect(text: str, settings: Mapping[str, object], path: Path) -> tuple[Dialect, Problem | None]:
    """Detect the dialect; castdeck's own if there is too little evidence. Another one comes with a Problem that says
    so."""
    signs = list(_signs(text, settings))
    points = {name: sum(sign.points for sign in signs if sign.dialect == name) for name in DIALECTS}
    name = max(points, key=lambda name: points[name])
    if points[name] < ENOUGH:
        return CASTDECK, None
    dialect = DIALECTS[name]
    first = max((sign for sign in signs if sign.dialect == name), key=lambda sign: (sign.points, -sign.line))
    whats = list(dict.fromkeys(sign.what for sign in signs if sign.dialect == name))
    message = f"read as a deck written for {dialect.tool}: it has {', '.join(whats[:3])}"
    hint = f"`{SETTING}: {name}` in the front matter says so, `{SETTING}: {CASTDECK.name}` that it is not"
    return dialect, Problem(Code.DIALECT, Place(path, first.line), message, hint)


def _signs(text: str, settings: Mapping[str, object]) -> Iterator[FoundSign]:
    for dialect in DIALECTS.values():
        for name in _names(settings):
            if name in dialect.telling:
                yield FoundSign(dialect.name, f"{name}:", 1, _SAID)
        if (theme := _theme(settings)).lower() in dialect.themes:
            yield FoundSign(dialect.name, f"theme: {theme}", 1, ENOUGH)
    yield from line_signs(text)


def _theme(settings: Mapping[str, object]) -> str:
    """The theme; pandoc may have it in a list."""
    said = settings.get("theme")
    return str(said[0] if isinstance(said, list) and said else said)


def _names(settings: Mapping[str, object]) -> Iterator[str]:
    """The settings' names, and for those below one of them both with a dot between."""
    for name, value in settings.items():
        yield name
        if isinstance(value, dict):
            yield from (f"{name}.{below}" for below in value)


def line_signs(text: str) -> Iterator[FoundSign]:
    """The signs in a text's lines, outside of code."""
    fence = ""
    lines = text.split("\n")
    above = "---" if not lines[0].strip() or lines[0].startswith("---") else "first"
    for number, line in enumerate(lines, 1):
        if fence:
            if _FENCE.match(line) and line.strip().startswith(fence):
                fence = ""
            continue
        if not above and (not line or line[0] not in _MAY_DIVIDE) and not _MAY_TELL.search(line):
            continue
        if found := _FENCE.match(line):
            fence = found[1]
            continue
        if above and line.strip():
            yield from _property_signs(lines, number, above)
            above = ""
        if line.startswith("---") or line.rstrip() == "--":
            above = line.rstrip()
        if not _MAY_TELL.search(line):
            continue
        bare = _CODE.sub("", line) if "`" in line else line
        for dialect in DIALECTS.values():
            for sign in dialect.signs:
                if (number == 1 or not sign.in_first_line) and sign.pattern.search(bare):
                    yield FoundSign(dialect.name, sign.what, number, sign.points)


_LONGEST_IMPORT = 100  # lines


def _is_an_import(lines: list[str]) -> bool:
    """Whether the lines are comments of YAML, a file's name at `src:`, and the separator that ends them."""
    rows = (number for number, line in enumerate(lines) if not line.startswith("# "))
    first = next(rows, len(lines))
    return [line.rstrip().partition(" ")[0] for line in lines[first : first + 2]] == ["src:", "---"]


def _property_signs(lines: list[str], number: int, above: str) -> Iterator[FoundSign]:
    """Properties below a separator: remark's end at an empty line, Slidev's at `---`."""
    if not _KEY.match(lines[number - 1]):
        if above == "---" and _is_an_import(lines[number - 1 : number + _LONGEST_IMPORT]):
            yield FoundSign("slidev", "src:", number, 4)
        return
    end = number - 1
    while end < len(lines) and lines[end].strip() and not lines[end].startswith("---"):
        end += 1
    block = lines[number - 1 : end]
    is_closed = end < len(lines) and lines[end].rstrip() == "---" and above == "---"
    at_top = number == 1
    found = next(filter(None, map(_PROPERTY.match, block if at_top else block[:1])), None)
    if is_closed and not any(line.startswith("#") for line in block):
        yield FoundSign("slidev", "YAML between separators", number, 4 if _OF_SLIDEV.match("\n".join(block)) else 2)
    elif found and (found[1] != "layout" or found[2] in ("true", "false")):
        is_remarks = "," in found[2] or found[1] in ("template", "layout")
        yield FoundSign("remark", "properties below its separators", number, 4 if is_remarks else 3)
