"""The front matter's settings."""

from collections.abc import Iterator
from difflib import get_close_matches

from castdeck.check.subject import Subject
from castdeck.errors import Problem
from castdeck.render.page import REVEAL_SETTINGS

SETTINGS = (
    "title",
    "lang",
    "theme",
    "machine",
    "secrets",
    "separators",
    "pace",
    "play",
    "resume",
    "reveal",
    "template",
)
ABOUT = ("author", "authors", "date", "description", "event", "keywords", "license", "subtitle", "tags", "version")


def unknown_settings(subject: Subject) -> Iterator[Problem]:
    """Settings that castdeck does not know. In a deck with `template: true` they are variables."""
    known = (*SETTINGS, *REVEAL_SETTINGS, *ABOUT)
    for name in subject.deck.settings:
        near = get_close_matches(name, known, 1)
        if name in known or (subject.deck.settings.get("template") and not near):
            continue
        hint = f"did you mean {near[0]}?" if near else "settings of reveal.js go under reveal:"
        yield subject.problem("unknown-setting", f"the front matter's {name!r} is not known", 1, f"{name}:", hint)
