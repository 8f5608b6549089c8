"""Scripts that had to be stopped while slides were measured."""

from pathlib import Path

from castdeck.check.measured import Measured
from castdeck.check.slides import slide_problems
from castdeck.check.subject import CheckedDeck, subjects
from castdeck.chromium.page import Hang
from castdeck.codes import Code
from castdeck.deck import parse_deck
from castdeck.deck.text import DeckText

DECK = "# One\n\nWords.\n"


def problems_of(hang: Hang) -> list[tuple[Code, bool]]:
    deck = parse_deck(DECK, Path("deck.md"))
    files = CheckedDeck(deck, subjects(deck, DeckText(DECK), 80))
    return [(one.code, hang.address in one.message) for one in slide_problems(files, Measured(hangs=(("one", hang),)))]


def test_a_script_of_the_deck_is_an_error_of_its_slide() -> None:
    assert problems_of(Hang("index.html", 12)) == [(Code.ENDLESS_SCRIPT, True)]


def test_a_script_of_castdeck_that_is_slow_is_no_error_of_the_deck() -> None:
    assert problems_of(Hang("lib/asciinema-player.js", 1)) == [(Code.NOT_MEASURED, True)]
