"""The start tags of a piece of HTML, as a browser reads them, in time that grows with its length.

Python's own parser takes time with its square for comments, declarations and tags that never end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape

_NAME = re.compile(r"[A-Za-z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*("[^"]*"|'[^']*'|(?!["'])[^\s>]*))?""")
_OPEN_QUOTE = re.compile(r"""\s*=\s*["']""")
_END = re.compile(r"[\s/]*>")
_TEXT_ONLY = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})


@dataclass(frozen=True)
class StartTag:
    """A start tag: its name and attributes, in small letters, and its line in the HTML, from 1."""

    name: str
    attributes: tuple[tuple[str, str], ...]
    line: int


def start_tags(html: str) -> Iterator[StartTag]:
    """The start tags outside of comments, and of what is text to a browser; none that never ends."""
    at, line, counted = 0, 1, 0
    while (at := html.find("<", at)) >= 0:
        name = _NAME.match(html, at + 1)
        if not name:
            at = _after_other(html, at)
            continue
        read = _attributes(html, name.end())
        if read is None:
            return
        attributes, end = read
        line, counted = line + html.count("\n", counted, at), at
        tag = name[0].lower()
        yield StartTag(tag, attributes, line)
        if tag in _TEXT_ONLY:
            closed = _closing(tag).search(html, end)
            end = closed.start() if closed else len(html)
        at = end


def without_endless_comment(html: str) -> str:
    """The HTML up to a comment that never ends, of which a browser shows nothing."""
    begins = html.find("<!--", max(0, html.rfind("-->")))
    return html if begins < 0 else html[:begins]


def _after_other(html: str, at: int) -> int:
    """Behind the comment, end tag or declaration at `<`; behind `<` alone where it is text."""
    if html.startswith("<!--", at):
        end = html.find("-->", at + 2)
        return len(html) if end < 0 else end + 3
    if html[at + 1 : at + 2] not in ("/", "!", "?"):
        return at + 1
    end = html.find(">", at)
    return len(html) if end < 0 else end + 1


def _attributes(html: str, at: int) -> tuple[tuple[tuple[str, str], ...], int] | None:
    """The attributes of a tag from behind its name, and where it ends; None for a tag that never ends."""
    found: dict[str, str] = {}
    while not (end := _END.match(html, at)):
        attribute = _ATTRIBUTE.match(html, at)
        if not attribute:
            return None
        at = attribute.end()
        if attribute[2] is None and _OPEN_QUOTE.match(html, at):
            return None
        value = attribute[2] or ""
        found.setdefault(attribute[1].lower(), unescape(value[1:-1] if value[:1] in ('"', "'") else value))
    return tuple(found.items()), end.end()


@cache
def _closing(tag: str) -> re.Pattern[str]:
    return re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE)
