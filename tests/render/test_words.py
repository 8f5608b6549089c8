"""The words of the page, of live terminals and of a class."""

import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

import pytest

import castdeck
from castdeck.present.words import CLASS_WORDS, class_words
from castdeck.render.words import WORDS, words_of
from castdeck.serve.shell import ENGLISH
from castdeck.terminals.words import LIVE_WORDS

TABLES = (WORDS, LIVE_WORDS, CLASS_WORDS)
PACKAGE = Path(castdeck.__file__).parent


@pytest.mark.parametrize("table", TABLES, ids=["page", "live", "class"])
@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_has_every_word_with_the_same_blanks(
    table: Mapping[str, Mapping[str, str]], language: str
) -> None:
    def blanks(text: str) -> int:
        return sum(name is not None for _, name, _, _ in Formatter().parse(text))

    assert table[language].keys() == table["en"].keys()
    assert {name for name, text in table[language].items() if blanks(text) != blanks(table["en"][name])} == set()


def test_no_word_stands_in_two_tables() -> None:
    assert len(class_words({})) == sum(len(table["en"]) for table in TABLES)


@pytest.mark.parametrize(("folder", "words"), [("serve", ENGLISH), ("present", class_words({}))])
def test_browser_code_says_only_words_that_there_are(folder: str, words: Mapping[str, str]) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / folder / "browser").glob("*.js"))
    used = {name for call in re.findall(r"\b(?:word|filled)\(([^,)]*)", code) for name in re.findall(r'"(\w+)"', call)}
    assert len(used) > 10
    assert used <= words.keys()


@pytest.mark.parametrize(("lang", "word"), [("fr-CA", "Copier"), ("de_AT", "Kopieren"), ("nl", "Copy"), (None, "Copy")])
def test_a_region_does_not_matter_and_an_unknown_language_is_english(lang: str | None, word: str) -> None:
    assert words_of({"lang": lang} if lang else {})["copy"] == word
