"""A deck without anything that acts by itself or asks other hosts: for who publishes what strangers wrote.

Left out are scripts, handlers, links that run something, frames, forms, and whatever is loaded from another host. Each
tag's attributes pass nh3's allow-list. Tags are cleaned one by one, since a deck's HTML may open an element above
markdown and close it below; what is put together again are only such tags and escaped text.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

import nh3
from markdown_it.token import Token

from castdeck.deck.model import Deck, Slide
from castdeck.render.theme import Theme
from castdeck.start_tags import without_endless_comment

TAGS = (nh3.ALLOWED_TAGS - {"section", "map", "area"}) | {"video", "audio", "source", "track", "figure", "figcaption"}
_VOID = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
_WITHOUT_CONTENT = frozenset(
    {"script", "style", "iframe", "object", "noscript", "template", "svg", "math", "textarea", "select", "title"}
)
_ANYWHERE = {
    "align", "class", "colspan", "dir", "height", "hidden", "id", "lang", "role", "rowspan", "scope", "start", "style",
    "title", "width",
}  # fmt: skip
_MEDIA = {"src", "alt", "poster", "controls", "loop", "muted", "autoplay", "playsinline", "preload", "kind", "srclang"}
_OF_TAG = {"a": {"href"}, **dict.fromkeys(("img", "video", "audio", "source", "track"), _MEDIA), "details": {"open"}}
_PREFIXES = {"data-", "aria-"}
_FRAMES = ("data-background-iframe", "data-preview-link", "data-src", "data-srcset", "srcset")
_REMOTE = re.compile(r"[\s\x00-\x1f]*(?:[a-z][a-z0-9+.-]*:|[/\\]{2})", re.IGNORECASE)
_LINK = re.compile(r"(?:https?|mailto):|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_LOADING_STYLE = re.compile(r"url|image|src|[\\@<]", re.IGNORECASE)


def sanitized(deck: Deck) -> Deck:
    """The deck, with only HTML and settings that do nothing."""
    reveal = deck.settings.get("reveal")
    kept = {name: value for name, value in reveal.items() if _is_plain(value)} if isinstance(reveal, dict) else {}
    settings = {**deck.settings, **({"reveal": kept} if "reveal" in deck.settings else {})}
    return replace(deck, slides=tuple(_slide(slide) for slide in deck.slides), settings=settings)


def sanitized_theme(theme: Theme) -> Theme:
    """The theme without a page of its own; its style sheet loads nothing, by the page's policy."""
    return replace(theme, layout="")


def sanitized_html(html: str) -> str:
    """A piece of HTML, which need not be whole."""
    parser = _Cleaner()
    parser.feed(without_endless_comment(html))
    parser.close()
    return "".join(parser.parts)


def _slide(slide: Slide) -> Slide:
    return replace(
        slide,
        tokens=tuple(_token(token) for token in slide.tokens),
        notes=tuple(_token(token) for token in slide.notes),
        attributes={name: str(value) for name, value in _attributes("section", slide.attributes).items()},
    )


def _token(token: Token) -> Token:
    children = [_token(child) for child in token.children] if token.children is not None else None
    content = sanitized_html(token.content) if token.type.startswith("html_") else token.content
    attributes = _attributes(token.tag, token.attrs)
    if token.type == "image" and "src" not in attributes:
        return Token("text", "", 0, content=token.content, map=token.map, meta=token.meta)
    return token.copy(children=children, content=content, attrs=attributes)


def _attributes(tag: str, attributes: Mapping[str, object]) -> dict[str, object]:
    allowed = _ANYWHERE | _OF_TAG.get(tag, set())
    return {
        name: value
        for name, value in attributes.items()
        if (name.lower() in allowed or name.lower().startswith(tuple(_PREFIXES)))
        and _filtered(tag, name.lower(), str(value)) is not None
    }


def _filtered(tag: str, name: str, value: str) -> str | None:
    """The attribute's value; None for one that would load something or run it."""
    if name == "href":
        return value if _LINK.match(value.strip()) else None
    if name == "style":
        return None if _LOADING_STYLE.search(value) else value
    if name in _FRAMES or ((name in _MEDIA or name.startswith("data-")) and _REMOTE.match(value)):
        return None
    return value


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and not _REMOTE.match(value))


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._within = ""  # the element whose content is left out

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._within:
            return
        if tag in TAGS:
            self.parts.append(_start(tag, attrs))
        elif tag in _WITHOUT_CONTENT:
            self._within = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._within and tag in TAGS:
            self.parts.append(_start(tag, attrs) + ("" if tag in _VOID else f"</{tag}>"))

    def handle_endtag(self, tag: str) -> None:
        if self._within:
            self._within = "" if tag == self._within else self._within
        elif tag in TAGS and tag not in _VOID:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.parts.append(escape(data, quote=False))


def _start(tag: str, attributes: list[tuple[str, str | None]]) -> str:
    """One start tag. nh3 would drop a table's cell outside of a table, so those pass as a <div>."""
    stand_in = tag if tag in _OF_TAG else "div"
    written = "".join(
        f' {name}="{escape(value or "")}"' for name, value in attributes if re.fullmatch(r"[a-z][\w:-]*", name)
    )
    clean = nh3.clean(
        f"<{stand_in}{written}>",
        tags={stand_in},
        attributes={stand_in: (_ANYWHERE | _OF_TAG.get(tag, set()))},
        generic_attribute_prefixes=_PREFIXES,
        attribute_filter=lambda _, name, value: _filtered(tag, name, value),
        link_rel=None,
    )
    opened = clean.removesuffix(f"</{stand_in}>")
    return f"<{tag}{opened.removeprefix(f'<{stand_in}')}" if opened.startswith(f"<{stand_in}") else ""
