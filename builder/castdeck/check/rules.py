"""The rules that need no more than the deck's text, in the order of docs/check.md."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from castdeck.check import blocks, front_matter, headings, images, links
from castdeck.check.codes import ignored_codes
from castdeck.check.subject import Subject, placed, subjects
from castdeck.deck import Deck
from castdeck.deck.text import DeckText
from castdeck.problems import Problem, lenient
from castdeck.workspace import DEFAULT_COLS

Rule = Callable[[Subject], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    front_matter.unknown_settings,
    links.links_to_no_slide,
    headings.skipped_levels,
    headings.headings_in_lists,
    images.images_without_alt,
    blocks.never_run,
    blocks.wider_than_terminal,
)


def text_problems(deck: Deck, text: DeckText, cols: int = DEFAULT_COLS) -> tuple[Problem, ...]:
    """What reading the deck told, and what the rules find in each of its files, each with its column."""
    files = subjects(deck, text, cols)
    found = [problem for subject in files for rule in RULES for problem in rule(subject)]
    return tuple(placed(problem, files) for problem in (*deck.problems, *found))


def checked_text(deck: Deck, text: DeckText, cols: int, settings: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The same as the preview reports it, without what castdeck.toml ignores. Raises WorkspaceError."""
    return tuple(lenient(text_problems(deck, text, cols), ignored_codes(settings)))
