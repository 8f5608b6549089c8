"""docs/language.md: every example is a deck without a problem."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from castdeck.check.rules import text_problems
from castdeck.deck import parse_deck
from castdeck.deck.info import FLAGS, SETTINGS
from castdeck.deck.properties import LAYOUTS
from castdeck.deck.text import DeckText
from castdeck.render import render_slide

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/language.md").read_text(encoding="utf-8")
EXAMPLES = [token.content for token in MarkdownIt().parse(PAGE) if token.type == "fence" and token.info == "markdown"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.strip("-# ").partition("\n")[0])
def test_an_example_has_no_problem(example: str) -> None:
    deck = parse_deck(example, ROOT / "deck.md")
    assert text_problems(deck, DeckText(example)) == ()
    for slide in deck.slides:
        rendered = render_slide(slide, path=deck.path, root=ROOT, casts={}, notices={})
        assert rendered.problems == ()
        assert ":::" not in rendered.html


def test_the_page_names_every_layout_that_has_a_style() -> None:
    assert all(f"`{style}`" in PAGE for style in LAYOUTS.values() if style)


def test_the_page_names_every_attribute_of_a_block() -> None:
    rows = PAGE.partition("### Attributes of a block")[2].partition("\n## ")[0]
    named = set(re.findall(r"\{\.?([\w-]+)", rows))
    assert named == {*FLAGS, *SETTINGS, "fill"}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 9
