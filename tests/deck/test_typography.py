"""Quotes, dashes and spaces as in print, by language, and only where the deck asks for them."""

from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.render.slide import render_slide

TEXT = '# "One" -- two... {minutes="3"}\n\nIs it `"code"`? He\'s "right" !\n'


def html(lang: str, setting: str = "typography: true") -> str:
    deck = parse_deck(f"---\nlang: {lang}\n{setting}\n---\n{TEXT}", Path("deck.md"))
    return render_slide(deck.slides[0], path=deck.path, root=Path(), casts={}, notices={}).html


@pytest.mark.parametrize(
    ("lang", "title", "words"),
    [
        ("en", "“One” – two…", "He’s “right” !"),
        ("de-CH", "„One“ – two…", "He’s „right“ !"),
        ("fr", "«\xa0One\xa0» – two…", "He’s «\xa0right\xa0»\xa0!"),
        ("es", "«One» – two…", "He’s «right» !"),
        ("eo", "“One” – two…", "He’s “right” !"),
    ],
)
def test_a_language_has_its_own_quotes(lang: str, title: str, words: str) -> None:
    found = html(lang)
    assert f"<h1>{title}</h1>" in found
    assert words in found
    assert "<code>&quot;code&quot;</code>" in found
    assert 'data-minutes="3"' in found


def test_without_being_asked_the_text_stays_as_it_is_written() -> None:
    assert "<h1>&quot;One&quot; -- two...</h1>" in html("fr", "typography: false")
