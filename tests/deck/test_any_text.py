"""Any text whatever is a deck, or is refused with a clear error; no line of it is lost."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from castdeck.deck import parse_deck
from castdeck.errors import DeckError

PIECES = [
    "---",
    "----",
    "--",
    "```",
    "````",
    "```bash",
    "<!--",
    "-->",
    "# ",
    "- ",
    "> ",
    "  ",
    "\t",
    "\n",
    "\n\n",
    "a",
    "é",
]
PIECES += [
    "{.norun}",
    "{#a}",
    "{x=",
    "$ ",
    "#$ ",
    "<b>",
    "[c]",
    "...",
    "Note:",
    "title: x",
    ": ",
    "\r\n",
    "\0",
    "|",
    "'",
    '"',
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_any_text_is_a_deck_or_a_clear_error(text: str) -> None:
    try:
        deck = parse_deck(text, Path("deck.md"))
    except DeckError as error:
        assert str(error).startswith("deck.md:")
        return
    assert deck.slides
    assert len({slide.id for slide in deck.slides}) == len(deck.slides)
    assert all(1 <= block.line <= text.count("\n") + text.count("\r") + 1 for block in deck.blocks)
