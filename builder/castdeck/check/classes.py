"""Finds classes without any style, in decks of other tools: their own CSS lies elsewhere, and is not read."""

import re
from collections.abc import Iterator
from pathlib import Path

from castdeck.check.subject import CheckedDeck, tokens_of
from castdeck.codes import Code
from castdeck.deck import Slide
from castdeck.problems import Problem

_SELECTOR = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_CLASS = re.compile(r"""\sclass=(?:"([^"<>]*)"|'([^'<>]*)'|([\w-]+))""")
_TAKEN_OVER = frozenset(
    """
    cover default incremental lead left-column nonincremental norun notes pull-left pull-right quote right-column run
    section task-list-item-checkbox two-cols
    """.split()  # noqa: SIM905
)
_NAMED = 6
_HINT = "write their CSS into a <style> of the deck, or into a theme of your own, themes/NAME/theme.css"


def classes_without_style(files: CheckedDeck, site: Path) -> Iterator[Problem]:
    """Report such classes once, where the first of them is. `site` is the folder of the built deck."""
    if files.deck.dialect == "castdeck":
        return
    css = "".join(file.read_text(encoding="utf-8", errors="replace") for file in sorted(site.rglob("*.css")))
    own = "".join(style for slide in files.deck.slides for style in _styles(slide))
    known = set(_SELECTOR.findall(css + own)) | _TAKEN_OVER
    first: dict[str, tuple[Slide, int]] = {}
    for slide in files.deck.slides:
        for name, line in _classes(slide):
            if name not in known:
                first.setdefault(name, (slide, line))
    if first:
        slide, line = next(iter(first.values()))
        more = f", and {len(first) - _NAMED} more" if len(first) > _NAMED else ""
        message = f"nothing here styles what has the class {', '.join([*first][:_NAMED])}{more}"
        yield files.of(slide).problem(Code.UNSUPPORTED, message, line, next(iter(first)), _HINT)


def _styles(slide: Slide) -> Iterator[str]:
    for token, _ in tokens_of(slide):
        if token.type in ("html_block", "html_inline"):
            yield from _STYLE.findall(token.content)


def _classes(slide: Slide) -> Iterator[tuple[str, int]]:
    """The classes that the author has given, with their lines."""
    yield from ((name, slide.line) for name in slide.attributes.get("class", "").split())
    for token, line in tokens_of(slide):
        if token.type in ("html_block", "html_inline"):
            for found in _CLASS.finditer(token.content):
                yield from ((name, line) for name in "".join(filter(None, found.groups())).split())
        elif token.type in ("div_open", "span_open", "image", "paragraph_open", "heading_open", "fence"):
            yield from ((name, line) for name in str(token.attrs.get("class", "")).split())
