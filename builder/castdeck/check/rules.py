"""The rules that need no more than the deck's text, in the order of docs/check.md."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from castdeck.check import blocks, front_matter, headings, ids, images, links, separators
from castdeck.check.codes import ignored_codes
from castdeck.check.subject import Subject
from castdeck.errors import Problem

Rule = Callable[[Subject], Iterable[Problem]]

RULES: tuple[Rule, ...] = (
    front_matter.unknown_settings,
    separators.swallowed_by_html,
    separators.swallowed_by_a_list,
    separators.unclosed_comments,
    ids.duplicate_ids,
    links.links_to_no_slide,
    headings.skipped_levels,
    headings.headings_in_lists,
    images.images_without_alt,
    blocks.never_run,
    blocks.wider_than_terminal,
)


def text_problems(subject: Subject) -> tuple[Problem, ...]:
    """What reading the deck told, and what the rules find, each with its column."""
    found = [problem for rule in RULES for problem in rule(subject)]
    return tuple(map(subject.placed, (*subject.deck.problems, *found)))


def checked_text(subject: Subject, settings: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The same without what castdeck.toml's settings ignore. Raises WorkspaceError where those are wrong."""
    ignored = ignored_codes(settings)
    return tuple(problem for problem in text_problems(subject) if problem.code not in ignored)
