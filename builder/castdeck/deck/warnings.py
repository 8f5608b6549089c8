"""Finds text that probably does not do what its author meant."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from markdown_it.token import Token
from markdown_it.utils import EnvType

from castdeck.codes import Code, Severity
from castdeck.deck.attributes import parse_attributes
from castdeck.deck.bare_styles import bare_selectors
from castdeck.deck.cells import CELL, is_cell
from castdeck.deck.dialects import Dialect
from castdeck.deck.footnotes import unused_footnotes
from castdeck.deck.indented_blocks import indented_blocks
from castdeck.deck.lost_cells import lost_cells
from castdeck.deck.model import RUNNABLE_LANGUAGES
from castdeck.deck.separators import NEW_SLIDE, Separators
from castdeck.deck.shortcodes import ANY as _SHORTCODE
from castdeck.deck.unknown_separators import unknown_separators
from castdeck.problems import Place, Problem

_MAY_MISLEAD = re.compile(r"[\[<{]|:::")
_REMARKS_CLASS = re.compile(r"(?:^|(?<=\s))\.[a-z][\w-]*\[")
_MARPS_DIRECTIVE = re.compile(
    r"<!--\s*_?(class|paginate|header|footer|color|background\w*|theme|style|headingDivider)\s*:"
)
_NO_DIRECTIVES = ("header", "footer", "color", "paginate", "theme", "style")
_SLIDEVS_ELEMENT = re.compile(
    r"<(v-[a-z]+|Toc|Tweet|Youtube|RenderWhen|SlidevVideo|Transform|Arrow|AutoFitText|LightOrDark|Link|PoweredBySlidev"
    r"|(?:carbon|mdi|logos|ph|tabler|twemoji|noto|fa|ri|uim|simple-icons|vscode-icons|devicon)[-:][\w-]+)\b"
)
_OBSIDIANS_ELEMENT = re.compile(r"<(grid (?=[^>]*\bdrag=)|split (?=(?:even|gap|left|right|wrap|no-margin)\b))[^>]*>")
_CODE = re.compile(r"`[^`\n]*`")
_FENCE_LINE = re.compile(r"\s*(`{3,}|~{3,})\s*$")
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,200}\]")
_ATTRIBUTES = re.compile(r"\{([^{}]*)\}")
_VARIABLE = re.compile(r"\{\{\s*(\w+)\b[^{}]*\}\}")
_VERBATIM = ("<script", "<pre", "<style", "<textarea", "<svg", "<?", "<![cdata[")
_TITLE = re.compile(r"[^\W_](?!.*[.,;:]$)(?!.*://)(?!.*\]\().{0,59}")
"""A short line of words that could be a heading."""
_SETTING = re.compile(r"[A-Za-z][\w-]*:(?:\s|$)")
_SIZED_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\s]+ +=(\d*)x(\d*)\)")
_STRAY_DIV = re.compile(r"(?<!\S):{3,}")


def problems_of(
    tokens: Sequence[Token], text: str, env: EnvType, path: Path, settings: Mapping[str, object]
) -> Iterator[Problem]:
    """Report what looks unintended in the tokens of one file; `text` is the source they were parsed from."""
    lines = text.split("\n")
    separators: Separators = env["separators"]
    for label, line in unused_footnotes(tokens, env):
        message = f"nothing refers to the footnote [^{label}], so no slide shows it"
        yield Problem(Code.UNUSED_FOOTNOTE, Place(path, line), message, Code.UNUSED_FOOTNOTE.remedy)
    yield from indented_blocks(tokens, path)
    yield from lost_cells(tokens, lines, path)
    yield from unknown_separators(tokens, lines, env["dialect"], path)
    for number, token in enumerate(tokens):
        kind = token.type
        yield from _lost(token, env["dialect"], path)
        if kind == "fence":
            yield from _fence(token, lines, env, path)
            if is_cell(token.info) and (cell := CELL.match(token.info)) and cell[1] not in RUNNABLE_LANGUAGES:
                message = f"castdeck runs no cells of {cell[1]}: what they print or draw is missing"
                hint = "export the pictures from your tool, or make it a session: ```pycon"
                yield _problem(Code.UNSUPPORTED, message, path, token, hint)
        elif kind == "html_block":
            yield from _html(token, env, path)
        elif kind == "inline" and _MAY_MISLEAD.search(token.content):
            may_be_stray = tokens[number - 1].type != "heading_open"
            yield from _inline(token, lines, path, settings, env["dialect"], may_be_stray)
        elif kind == "heading_open" and not env["dialect"].underlines:
            yield from _heading(token, lines, separators, path)
        elif kind == "hr":
            yield from _rule(token, lines, separators, path)
        elif kind == "div_open" and token.meta.get("unclosed"):
            message = "nothing closes this block before the slide ends"
            yield _problem(Code.UNCLOSED_DIV, message, path, token, hint="::: closes it")


def _lost(token: Token, dialect: Dialect, path: Path) -> Iterator[Problem]:
    """What the deck's own tool has and castdeck does not, outside of code in text."""
    is_code = token.type == "fence"
    if not dialect.lost or (not is_code and token.type not in ("inline", "html_block")):
        return
    text = f"{token.info.strip()}\n{token.content}" if is_code else _CODE.sub("``", token.content)
    for lost in dialect.lost:
        if lost.in_code is is_code and (found := lost.pattern.search(text)):
            word = found[found.lastindex or 0].strip()
            what = f"{word}>" if word.startswith("<") and not word.endswith(">") else word
            line = (token.map or [0])[0] + 1 + text.count("\n", 0, found.start())
            message, hint = f"castdeck has no equivalent of {what}", lost.hint or Code.UNSUPPORTED.remedy
            yield Problem(Code.UNSUPPORTED, Place(path, line), message, hint, word)


def _fence(token: Token, lines: Sequence[str], env: EnvType, path: Path) -> Iterator[Problem]:
    """Fences that are never closed or closed too late, so that separators become code."""
    if not token.map:
        return
    separators: Separators = env["separators"]
    first, end = token.map
    last = lines[end - 1].strip().lstrip("> ") if end <= len(lines) else ""
    last = last.rstrip("]") if env["dialect"].has_classes else last
    closed = end - first > 1 and set(last) == {token.markup[0]} and len(last) >= len(token.markup)
    if closed and len(token.markup) == 3:
        return
    shorter = [number for number in range(first + 1, end - closed) if _is_shorter(lines[number], token.markup)]
    swallowed = [
        number for number in range(first + 1, end - closed) if separators.kind(lines[number].strip()) in NEW_SLIDE
    ]
    near = f"line {shorter[0] + 1} has only {lines[shorter[0]].strip()}" if shorter else ""
    if not closed:
        message = f"this code block is never closed: {token.markup} needs a line of as many at its end"
        hint = f"{near}; " * bool(near) + "all that follows, separators too, is code now"
        yield _problem(Code.UNCLOSED_FENCE, message, path, token, hint=hint)
    elif len(shorter) % 2 and any(number > shorter[0] for number in swallowed):
        message = f"this code block ends at line {end}, with the separator of line {swallowed[0] + 1} inside"
        hint = f"{near}: it closes nothing that {token.markup} opened"
        yield _problem(Code.SWALLOWED_SEPARATOR, message, path, token, hint=hint)


def _is_shorter(line: str, markup: str) -> bool:
    found = _FENCE_LINE.match(line)
    return bool(found) and found is not None and found[1][0] == markup[0] and len(found[1]) < len(markup)


def _html(token: Token, env: EnvType, path: Path) -> Iterator[Problem]:
    html = token.content.strip()
    first = (token.map or [0])[0]
    dialect: Dialect = env["dialect"]
    separators: Separators = env["separators"]
    is_marps = dialect.name == "marp"
    if element := _slidevs_element(html, dialect):
        yield _problem(Code.UNSUPPORTED, f"castdeck has no equivalent of <{element[1]}>", path, token)
    if element := _OBSIDIANS_ELEMENT.match(html):
        hint = "::: columns around ::: column for each part stands side by side"
        message = f"{element[0]} of Obsidian's slides has no effect here: all is one below the other"
        yield _problem(Code.UNSUPPORTED, message, path, token, hint)
    if html.startswith("<!--"):
        if "-->" not in html:
            hint = "end it with -->: all that follows, separators too, is part of it now"
            yield _problem(Code.UNCLOSED_COMMENT, "this comment never ends", path, token, hint=hint)
        elif (found := _MARPS_DIRECTIVE.match(html)) and (not is_marps or found[1] in _NO_DIRECTIVES):
            yield _problem(Code.UNSUPPORTED, f"a directive of Marp has no effect here: {html}", path, token)
    elif html.lower().startswith("<style"):
        if not dialect.scopes_styles and (bare := bare_selectors(html)):
            message = f"this <style> is for the whole deck, and changes castdeck's own: {', '.join(bare[:4])}"
            hint = "give it a class of your own, or write <style scoped> to change this slide only"
            yield _problem(Code.UNSUPPORTED, message, path, token, hint)
    elif not html.lower().startswith(_VERBATIM):
        for number, line in enumerate(token.content.split("\n")):
            if separators.kind(line.strip()):
                message = f"this {line.strip()} is part of the HTML above it, and begins no slide"
                hint = "put an empty line before it"
                yield Problem(Code.SWALLOWED_SEPARATOR, Place(path, first + number + 1), message, hint)


def _inline(
    token: Token, lines: Sequence[str], path: Path, settings: Mapping[str, object], dialect: Dialect, may_be_stray: bool
) -> Iterator[Problem]:
    text, first = token.content, (token.map or [0])[0]

    def within(word: str, offset: int, code: Code, message: str, hint: str = "") -> Problem:
        line = first + text.count("\n", 0, offset)
        column = lines[line].find(word) + 1 if line < len(lines) else 0
        return Problem(code, Place(path, line + 1, column or None), message, hint or code.remedy)

    if "[" in text and not dialect.has_classes and (found := _REMARKS_CLASS.search(text)):
        hint = f"::: {found[0][1:-1]} and ::: around lines, or [words]{{{found[0][:-1]}}} within one, do it here"
        yield within(found[0], found.start(), Code.UNSUPPORTED, f"remark's {found[0]}...] is text here", hint)
    if "[^" in text:
        missing = (_FOOTNOTE.search(child.content) for child in token.children or () if child.type == "text")
        for label in (found[0] for found in missing if found):
            message = f"nothing defines the footnote {label}"
            yield within(label, text.find(label), Code.UNKNOWN_FOOTNOTE, message, f"{label}: words, on a line")
    if "](" in text and (sized := _SIZED_PICTURE.search(text)):
        hint = f"![...](picture.png){{width={sized[1] or sized[2]}}} does"
        yield within(sized[0], sized.start(), Code.UNSUPPORTED, f"{sized[0]} gives no picture a size here", hint)
    if ":::" in text and (stray := _STRAY_DIV.search(text)):
        hint = "a ::: block stands outside of lists and quotes: ::: name, or ::: {.name key=value}, and ::: to close it"
        yield within(stray[0], stray.start(), Code.STRAY_DIV, "this ::: opens and closes nothing", hint)
    if "<" in text and (element := _slidevs_element(text, dialect)):
        yield within(element[0], element.start(), Code.UNSUPPORTED, f"castdeck has no equivalent of <{element[1]}>")
    if may_be_stray and text.startswith("{") and (line := _ATTRIBUTES.fullmatch(text)) and parse_attributes(line[1]):
        hint = "a line of attributes stands right above the block that it is for"
        yield within(text, 0, Code.STRAY_ATTRIBUTES, f"{text} is for nothing, and stays text", hint)
    if "{{" in text:
        for code in _SHORTCODE.finditer(text):
            if code[1] not in ("fragment", "frag"):
                yield within(code[0], code.start(), Code.UNSUPPORTED, f"castdeck has nothing like {code[0]}")
    if "{{" in text and settings.get("template") is not True:
        for variable in _VARIABLE.finditer(text):
            if variable[1] in settings:
                hint = "template: true in the front matter has it filled in"
                message = f"{variable[0]} is shown as it stands"
                yield within(variable[0], variable.start(), Code.UNFILLED_VARIABLE, message, hint)


def _heading(token: Token, lines: Sequence[str], separators: Separators, path: Path) -> Iterator[Problem]:
    """A dash line right below text, which makes a heading instead of a new slide."""
    if not token.markup.startswith("-") or not token.map or not separators.kind(lines[token.map[1] - 1].strip()):
        return
    first, end = token.map
    if _is_late_front_matter(lines, first):
        message = "this front matter is text: something stands above it"
        hint = "remove what stands above its first ---, empty lines too"
        yield Problem(Code.INVALID_FRONT_MATTER, Place(path, end), message, hint)
        return
    is_title = end - first == 2 and bool(_TITLE.fullmatch(lines[first].strip()))
    message = "this dash line makes the text above it a heading"
    hint = "put an empty line before it if a new slide was meant"
    weight = None if is_title else Severity.ERROR
    yield Problem(Code.HEADING_BY_DASHES, Place(path, end), message, hint, weight=weight)


_LATEST = 200  # lines; what stands above is looked at once for each heading


def _is_late_front_matter(lines: Sequence[str], first: int) -> bool:
    """Whether a key and a value stand in this line below a `---`, and above that only empty lines and comments."""
    if not 1 < first < _LATEST or lines[first - 1].rstrip() != "---" or not _SETTING.match(lines[first]):
        return False
    above = "\n".join(lines[: first - 1]).strip()
    return not above or (above.startswith("<!--") and above.find("-->") == len(above) - 3)


def _rule(token: Token, lines: Sequence[str], separators: Separators, path: Path) -> Iterator[Problem]:
    """An indented separator, which becomes a rule inside a list."""
    if not token.level or not token.map or token.map[0] >= len(lines):
        return
    line = lines[token.map[0]]
    if separators.kind(line.strip()):
        message = f"this {line.strip()} is part of the list above it, and begins no slide"
        hint, column = "begin the line with it", len(line) - len(line.lstrip()) + 1
        yield Problem(Code.SWALLOWED_SEPARATOR, Place(path, token.map[0] + 1, column), message, hint)


def _slidevs_element(html: str, dialect: Dialect) -> re.Match[str] | None:
    """The first element of Slidev in a deck that is not Slidev's."""
    return None if dialect.scopes_styles or "<" not in html else _SLIDEVS_ELEMENT.search(html)


def _problem(code: Code, message: str, path: Path, token: Token, hint: str = "") -> Problem:
    return Problem(code, Place(path, (token.map or [0])[0] + 1), message, hint or code.remedy)
