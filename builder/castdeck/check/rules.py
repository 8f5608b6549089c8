"""The rules that need only the deck's text, in the order of docs/check.md."""

from collections.abc import Callable, Iterable

from castdeck.check import active, blocks, front_matter, headings, images, links
from castdeck.check.subject import CheckedFile, placed, subjects
from castdeck.check.summed import ONLY_WITH_ALL
from castdeck.config import DEFAULT_COLS, Config
from castdeck.deck import Deck
from castdeck.deck.text import DeckText
from castdeck.problems import Problem, lenient

Rule = Callable[[CheckedFile], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    front_matter.unknown_settings,
    links.links_to_no_slide,
    headings.skipped_levels,
    headings.headings_in_lists,
    images.images_without_alt,
    active.acts_by_itself,
    blocks.never_run,
    blocks.wants_keys,
    blocks.wider_than_terminal,
)


def text_problems(deck: Deck, text: DeckText, cols: int = DEFAULT_COLS) -> tuple[Problem, ...]:
    """The problems from parsing and from the rules for each file, with their columns."""
    files = subjects(deck, text, cols)
    found = [problem for subject in files for rule in RULES for problem in rule(subject)]
    return tuple(placed(problem, files) for problem in (*deck.problems, *found))


def checked_text(deck: Deck, text: DeckText, config: Config) -> tuple[Problem, ...]:
    """The same as reported by the preview: lenient, and without ignored codes."""
    return tuple(lenient(text_problems(deck, text, config.terminal.cols), config.ignore | ONLY_WITH_ALL))
