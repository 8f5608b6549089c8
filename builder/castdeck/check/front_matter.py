"""The front matter's settings."""

from collections.abc import Iterator

from castdeck.check.subject import Subject
from castdeck.codes import Code
from castdeck.problems import Problem
from castdeck.render.page import REVEAL_SETTINGS
from castdeck.suggest import is_near, suggest

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
        if name in known or (subject.deck.settings.get("template") and not is_near(name, known)):
            continue
        hint = suggest(name, known, "settings of reveal.js go under reveal:")
        yield subject.problem(Code.UNKNOWN_SETTING, f"the front matter's {name!r} is not known", 1, f"{name}:", hint)
