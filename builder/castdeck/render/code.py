"""Source code as HTML: highlighted when the deck is built, coloured by the theme."""

import re
from html import escape

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

LINE_STEPS = re.compile(r"\[([\d\s,|*-]+)\]")


def code_html(code: str, language: str, *, info: str = "", badge: str = "", block: str = "") -> str:
    """`code` as a <pre>, one <span class="line"> a line.

    `info` may hold line highlights as reveal.js has them, `[1-2|4]`. `badge` is a small note in the corner, `block` the
    name of the block that it is.
    """
    groups = line_groups(info)
    lines = highlighted_lines(code, language)
    strong = groups[0] if groups else frozenset[int]()
    body = "".join(
        f'<span class="line{" marked" if number in strong else ""}">{line}\n</span>'
        for number, line in enumerate(lines, 1)
    )
    steps = "".join(
        f'<span class="fragment line-step" data-lines="{",".join(map(str, sorted(group)))}"></span>'
        for group in groups[1:]
    )
    marked = ' data-marked=""' if groups else ""
    first = f' data-lines="{",".join(map(str, sorted(strong)))}"' if groups else ""
    note = f'<span class="badge">{escape(badge)}</span>' if badge else ""
    name = f' data-block="{escape(block)}"' if block else ""
    return (
        f'<div class="code-box"{name}>{note}<pre class="code"{marked}{first}>'
        f'<code class="language-{escape(language or "text")}">{body}</code></pre>{steps}</div>\n'
    )


def highlighted_lines(code: str, language: str) -> list[str]:
    """Each line of `code` as HTML with Pygments' short class names. An unknown language stays plain."""
    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    return highlight(code.rstrip("\n"), _lexer(language), formatter).rstrip("\n").split("\n")


def _lexer(language: str) -> Lexer:
    name = {"": "text", "sh": "bash", "shell": "bash"}.get(language, language)
    try:
        lexer: Lexer = get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        lexer = get_lexer_by_name("text", stripnl=False)
    return lexer


def line_groups(info: str) -> list[frozenset[int]]:
    """The line numbers of each step in `[1-2|4]`; `*` is a step with no line marked."""
    found = LINE_STEPS.search(info)
    return [_numbers(part) for part in found[1].split("|")] if found else []


def _numbers(part: str) -> frozenset[int]:
    numbers: set[int] = set()
    for piece in part.split(","):
        first, _, last = piece.strip().partition("-")
        if first.isdigit():
            end = int(last) if last.isdigit() else int(first)
            numbers.update(range(int(first), min(end, int(first) + 9999) + 1))
    return frozenset(numbers)
