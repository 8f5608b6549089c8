"""`castdeck new --lang`: the welcome deck in each language is the same deck, and its recordings play at once."""

from pathlib import Path

import pytest

from castdeck.deck import Deck, parse_deck
from castdeck.new.starter import LANGUAGES, workspace_files
from tests.conftest import Cli


def welcome(lang: str) -> Deck:
    return parse_deck(workspace_files("folio", False, lang)["slides/welcome/deck.md"].decode(), Path("deck.md"))


def test_there_are_four() -> None:
    assert LANGUAGES == ("en", "de", "es", "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_deck_is_the_same_in_each(lang: str) -> None:
    english, deck = welcome("en"), welcome(lang)
    assert deck.settings["lang"] == lang
    assert [slide.id for slide in deck.slides] == [slide.id for slide in english.slides]
    assert [[token.type for token in slide.tokens] for slide in deck.slides] == [
        [token.type for token in slide.tokens] for slide in english.slides
    ]
    assert [(block.name, block.shown) for block in deck.blocks] == [
        (block.name, block.shown) for block in english.blocks
    ]


@pytest.mark.parametrize("lang", LANGUAGES[1:])
def test_its_recordings_play_at_once_and_check_finds_nothing(cli: Cli, tmp_path: Path, lang: str) -> None:
    assert cli("new", "course", "--lang", lang).status == 0
    course = tmp_path / "course"
    assert cli("build", "welcome", "--no-record", cwd=course).status == 0
    page = (course / "public/welcome/index.html").read_text()
    assert (page.count('<figure class="terminal"'), page.count('class="badge"')) == (3, 0)
    done = cli("check", "--no-browser", "--quiet", cwd=course)
    assert (done.status, done.out) == (0, "")
    assert "new, it has no recording" not in cli("record", "welcome", "--dry-run", cwd=course).out


def test_a_language_that_is_not_there_is_told_with_those_that_are(cli: Cli) -> None:
    done = cli("new", "course", "--lang", "it")
    assert done.status == 2
    assert "'en', 'de', 'es', 'fr'" in done.err
