"""The page's own words."""

from string import Formatter

import pytest

from castdeck.render.words import WORDS, words_of


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_has_every_word_with_the_same_blanks(language: str) -> None:
    def blanks(text: str) -> int:
        return sum(name is not None for _, name, _, _ in Formatter().parse(text))

    assert WORDS[language].keys() == WORDS["en"].keys()
    assert {name for name, text in WORDS[language].items() if blanks(text) != blanks(WORDS["en"][name])} == set()


@pytest.mark.parametrize(("lang", "word"), [("fr-CA", "Copier"), ("de_AT", "Kopieren"), ("nl", "Copy"), (None, "Copy")])
def test_a_region_does_not_matter_and_an_unknown_language_is_english(lang: str | None, word: str) -> None:
    assert words_of({"lang": lang} if lang else {})["copy"] == word
