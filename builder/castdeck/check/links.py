"""Rules for links inside the deck."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from castdeck.check.subject import CheckedFile, tokens_of
from castdeck.codes import Code
from castdeck.problems import Problem
from castdeck.suggest import suggest

_HREF = re.compile(r"<a\s[^>]*?href\s*=\s*[\"']?(#[^\"'\s>]*)", re.IGNORECASE)
_ID = re.compile(r"\sid\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def links_to_no_slide(subject: CheckedFile) -> Iterator[Problem]:
    """Links to `#id` or `#/id` for an id that does not exist."""
    ids, targets = [slide.id for slide in subject.deck.slides], set[str]()
    links: list[tuple[str, int]] = []
    for slide in subject.deck.slides:
        for token, line in tokens_of(slide):
            targets.add(str(token.attrs.get("id", "")))
            if token.type == "link_open" and (url := str(token.attrs.get("href", ""))).startswith("#"):
                links.append((url, line))
            if token.type.startswith("html_"):
                targets.update(_ID.findall(token.content))
                links += [
                    (found[1], line + token.content.count("\n", 0, found.start()))
                    for found in _HREF.finditer(token.content)
                ]
    for url, line in links:
        name = unquote(url.removeprefix("#").removeprefix("/"))
        if name.partition("/")[0] in {"", *ids, *targets} or name.replace("/", "").isdecimal():
            continue
        hint = suggest(name, ids, "a slide's id is in its heading, # Title {#id}, or made from its title", prefix="#/")
        yield subject.problem(Code.UNKNOWN_SLIDE, f"no slide has the id {name!r}", line, url, hint)
