"""Finds active content and requests to other hosts, to warn whoever opens an untrusted deck."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from castdeck.check.subject import CheckedFile, tokens_of
from castdeck.codes import Code
from castdeck.problems import Problem
from castdeck.start_tags import start_tags

_LOADED = frozenset(
    {
        "src",
        "srcset",
        "poster",
        "data",
        "data-src",
        "data-background",
        "data-background-image",
        "data-background-video",
        "data-background-iframe",
    }
)
_FRAMES = ("iframe", "frame", "object", "embed")
_CODE_LINK = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:https?:)?[/\\]{2}", re.IGNORECASE)
_IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)", re.IGNORECASE)
_KINDS = ("scripts", "handlers", "links that run something", "frames", "pages that leave", "other hosts")


def acts_by_itself(subject: CheckedFile) -> Iterator[Problem]:
    """Report scripts, handlers, `javascript:` links, frames and other hosts in one problem, at the first of them."""
    found: dict[str, dict[str, None]] = {kind: {} for kind in _KINDS}
    first = 0
    for line, kind, what in _found(subject):
        first = first or line
        found[kind][what] = None
    if first:
        told = "; ".join(f"{kind}: {', '.join(found[kind])}" for kind in _KINDS if found[kind])
        hint = "castdeck trust lets its scripts run; castdeck build --sanitize leaves all of this out"
        yield subject.problem(Code.ACTIVE_CONTENT, f"this deck has active content ({told})", first, hint=hint)


def _found(subject: CheckedFile) -> Iterator[tuple[int, str, str]]:
    for slide in subject.deck.slides:
        own = (slide.path or subject.deck.path) == subject.deck.path
        for kind, what in _of_tag("section", slide.attributes) if own else ():
            yield slide.line, kind, what
        for token, line in tokens_of(slide):
            if token.type.startswith("html_"):
                for tag in start_tags(token.content):
                    found = _of_tag(tag.name, dict(tag.attributes))
                    yield from ((line + tag.line - 1, kind, what) for kind, what in found)
            else:
                attributes = {name: str(value) for name, value in token.attrs.items()}
                yield from ((line, kind, what) for kind, what in _of_tag(token.tag, attributes))


def _of_tag(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    names = {name.lower(): value for name, value in attributes.items()}
    if tag == "script" and names.get("type", "").lower() not in ("application/json", "text/plain"):
        yield "scripts", names.get("src") or "inline"
    if tag in _FRAMES or "data-background-iframe" in names:
        address = names.get("src") or names.get("data") or names.get("data-background-iframe") or "inline"
        yield "frames", _host(address) or address
    if tag == "meta" and names.get("http-equiv", "").lower() == "refresh":
        yield "pages that leave", names.get("content", "")
    for name, value in names.items():
        if name.startswith("on") and len(name) > 2:
            yield "handlers", name
        if name in ("href", "action", "formaction", "xlink:href") and _CODE_LINK.match(value):
            yield "links that run something", value[:40]
        if name in _LOADED or (name == "href" and tag == "link"):
            addresses = [value]
        else:
            addresses = _IN_STYLE.findall(value) if name == "style" else []
        yield from (("other hosts", _host(one)) for one in addresses if _host(one) and tag not in _FRAMES)


def _host(address: str) -> str:
    """The host of an external address; "" for the deck's own files."""
    if not _REMOTE.match(address):
        return ""
    try:
        return urlsplit(address.strip().replace("\\", "/")).hostname or ""
    except ValueError:
        return ""
