"""Rules for front matter settings."""

from collections.abc import Iterator

from castdeck.check.subject import CheckedFile
from castdeck.codes import Code
from castdeck.deck.dialects import DIALECTS
from castdeck.problems import Problem
from castdeck.render.page import LOADING, REVEAL_SETTINGS
from castdeck.suggest import is_near, suggest

SETTINGS = (
    "dialect",
    "emoji",
    "title",
    "lang",
    "theme",
    "machine",
    "shell",
    "secrets",
    "separators",
    "pace",
    "footer",
    "typography",
    "dense",
    "play",
    "resume",
    "reveal",
    "template",
)
_CSS = "put CSS into a theme of your own, themes/NAME/theme.css; docs/themes.md says how"
ABOUT = ("author", "authors", "date", "description", "event", "keywords", "license", "subtitle", "tags", "version")


def unknown_settings(subject: CheckedFile) -> Iterator[Problem]:
    """Unknown settings. In a deck with `template: true` they are variables.

    Settings of the tool that the deck was written for are reported together.
    """
    known = (*SETTINGS, *REVEAL_SETTINGS, *ABOUT)
    dialect = DIALECTS[subject.deck.dialect]
    theirs: list[str] = []
    for name, value in subject.deck.settings.items():
        is_file = name == "template" and isinstance(value, str) and name in dialect.settings
        if (name in known or name in dialect.heeded) and not is_file:
            continue
        if name in dialect.telling | dialect.settings:
            theirs.append(name)
        elif not subject.deck.settings.get("template") or is_near(name, known):
            hint = suggest(name, known, "settings of reveal.js go under reveal:")
            yield subject.problem(
                Code.UNKNOWN_SETTING, f"the front matter's {name!r} is not known", 1, f"{name}:", hint
            )
    reveal = subject.deck.settings.get("reveal")
    for name in LOADING:
        if isinstance(reveal, dict) and name in reveal:
            hint = "write <script src=...> into the deck; castdeck trust lets it run"
            yield subject.problem(Code.UNSUPPORTED, f"reveal.js's {name!r} do nothing here", 1, f"{name}:", hint)
    if theirs:
        message = f"settings of {dialect.tool} that do nothing here: {', '.join(theirs)}"
        hint = _CSS if "css" in theirs else Code.UNSUPPORTED.remedy
        yield subject.problem(Code.UNSUPPORTED, message, 1, f"{theirs[0]}:", hint)
