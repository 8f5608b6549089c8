"""The rules, case by case: fixtures/*.md hold a title, a deck and what `castdeck check` says of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from markdown_it.utils import read_fixture_file

from castdeck.check.rules import text_problems
from castdeck.cli.problems import text
from castdeck.deck import parse_deck
from castdeck.deck.text import DeckText

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.md"))
DECK = Path("deck.md")


def cases() -> Iterator[ParameterSet]:
    for file in FIXTURES:
        for _, title, given, expected in read_fixture_file(file):
            yield pytest.param(given, expected, id=f"{file.stem}:{title.strip()}")


@pytest.mark.parametrize(("given", "expected"), list(cases()))
def test_a_deck_has(given: str, expected: str) -> None:
    found = list(text_problems(parse_deck(given, DECK), DeckText(given)))
    found.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    assert text(found).replace("deck.md:", "") == expected.rstrip("\n")
