"""Source code as HTML: highlighted when the deck is built, coloured by the theme."""

import re
from functools import cache, lru_cache
from html import escape

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, _TokenType
from pygments.util import ClassNotFound

from castdeck.deck.numbers import number_of

BOX = ' class="code-box"'
MOST_CODE, LONGEST_LINE = 20_000, 1000  # characters of code that is coloured
MOST_MARKED = 2000  # lines, counted again in each step
LINE_STEPS = re.compile(r"\[?([\d\s,|*-]+)\]?")


def code_html(
    code: str,
    language: str,
    *,
    highlight: str = "",
    badge: str = "",
    block: str = "",
    title: str = "",
    attributes: str = BOX,
    first_line: int | None = None,
    fragment_index: int | None = None,
) -> str:
    """`code` as a <pre>, one <span class="line"> a line.

    `highlight` says which lines to mark, step by step, as reveal.js has it: `1-2|4`. `badge` is a small note in the
    corner, `title` the name of a file, `block` the name of the block that it is, `attributes` those of the box around
    it, in HTML. Lines have numbers from `first_line` on; `fragment_index` is that of the first step.
    """
    lines = highlighted_lines(code, language)
    groups = line_groups(highlight, len(lines))
    strong = groups[0] if groups else frozenset[int]()
    body = "".join(
        [
            f'<span class="line{" marked" if number in strong else ""}">{line}\n</span>'
            for number, line in enumerate(lines, 1)
        ]
    )
    steps = "".join(
        f'<span class="fragment line-step"{_index(fragment_index, number)}'
        f' data-lines="{",".join(map(str, sorted(group)))}"></span>'
        for number, group in enumerate(groups[1:])
    )
    marked = ' data-marked=""' if groups else ""
    first = f' data-lines="{",".join(map(str, sorted(strong)))}"' if groups else ""
    note = f'<span class="badge">{escape(badge)}</span>' if badge else ""
    bar = f'<div class="file-name">{escape(title)}</div>' if title else ""
    name = f' data-block="{escape(block)}"' if block else ""
    numbers = f' data-numbers="" style="counter-reset:line {first_line - 1}"' if first_line is not None else ""
    return (
        f'<div{attributes}{name}>{note}{bar}<pre class="code"{marked}{first}{numbers}>'
        f'<code class="language-{escape(language or "text")}">{body}</code></pre>{steps}</div>\n'
    )


def _index(first: int | None, step: int) -> str:
    return "" if first is None else f' data-fragment-index="{first + step}"'


def _is_endless(code: str) -> bool:
    """Whether it is longer than what people show, so that a lexer which goes back and forth might never be done."""
    return len(code) > MOST_CODE or any(len(line) > LONGEST_LINE for line in code.split("\n"))


@lru_cache(maxsize=4096)
def highlighted_lines(code: str, language: str) -> tuple[str, ...]:
    """Each line of `code` as HTML with Pygments' short class names. An unknown language stays plain."""
    lines: list[str] = []
    line: list[str] = []
    reader = lexer("text" if _is_endless(code) else language)
    for kind, value in reader.get_tokens(code.rstrip("\n")):
        name = _class_name(kind)
        first, *others = value.split("\n")
        if first:
            line.append(f'<span class="{name}">{escape(first)}</span>' if name else escape(first))
        for text in others:
            lines.append("".join(line))
            line = [f'<span class="{name}">{escape(text)}</span>' if name and text else escape(text)]
    if "".join(line):
        lines.append("".join(line))
    return tuple(lines) or ("",)


@cache
def _class_name(kind: _TokenType) -> str:
    """Pygments' own name of the class, which is that of the nearest standard type above; "" for plain text."""
    known: _TokenType | None = kind
    while known is not None and known not in STANDARD_TYPES:
        known = known.parent
    return STANDARD_TYPES[known] if known is not None else ""


@cache
def lexer(language: str) -> Lexer:
    """Pygments' lexer of a language; an unknown one is plain text."""
    name = {"": "text", "sh": "bash", "shell": "bash"}.get(language, language)
    try:
        found: Lexer = get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        found = get_lexer_by_name("text", stripnl=False)
    return found


def line_groups(highlight: str, most: int) -> list[frozenset[int]]:
    """The numbers, up to `most`, of the lines of each step in `1-2|4`; `*` is a step with no line marked."""
    found = LINE_STEPS.fullmatch(highlight.strip())
    room = MOST_MARKED
    groups: list[frozenset[int]] = []
    for part in found[1].split("|") if found and highlight.strip() else ():
        groups.append(_numbers(part, most, room))
        room -= len(groups[-1])
    return groups


def _numbers(part: str, most: int, room: int) -> frozenset[int]:
    numbers: set[int] = set()
    for piece in part.split(","):
        first, last = (number_of(text) for text in piece.strip().partition("-")[::2])
        if first is not None:
            numbers.update(range(first, min(first if last is None else last, most) + 1)[: max(0, room - len(numbers))])
    return frozenset(numbers)
