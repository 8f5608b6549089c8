"""The hint for a word that is not known."""

import pytest

from castdeck.suggest import is_near, suggest

KNOWN = ("timeout", "default_machine", "cols")


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("timout", "did you mean timeout?"),
        ("TIMEOUT", "did you mean timeout?"),
        ("default-machine", "did you mean default_machine?"),
        ("zzz", "known: cols, default_machine, timeout"),
    ],
)
def test_the_nearest_known_word_is_suggested(word: str, hint: str) -> None:
    assert suggest(word, KNOWN) == hint
    assert is_near(word, KNOWN) == hint.startswith("did you mean")


def test_another_hint_can_stand_where_nothing_is_near() -> None:
    assert suggest("zzz", KNOWN, "see the docs") == "see the docs"
    assert suggest("zzz", ()) == "known: none"
    assert suggest("to", ("two",), prefix="#/") == "did you mean #/two?"
