"""What was typed live becomes a block of the deck, and nothing else of the deck changes."""

from pathlib import Path

import pytest

from castdeck.deck import parse_deck
from castdeck.errors import DeckError
from castdeck.terminals.keep import Edit, with_block

_DECK = "# One\n\n```bash\nls\n```\n\nAfter.\n\n---\n\n# Two\n"


def _kept(text: str, *commands: str) -> Edit:
    deck = parse_deck(text, Path("deck.md"))
    return with_block(Path("deck.md"), text, deck.blocks[0], list(commands))


def test_the_commands_stand_in_a_block_below_the_one_that_the_terminal_began_with() -> None:
    edit = _kept(_DECK, "pwd", "for x in 1 2\ndo echo $x\ndone")
    assert edit.new == _DECK.replace("ls\n```\n", "ls\n```\n\n```bash\npwd\nfor x in 1 2\ndo echo $x\ndone\n```\n")
    assert "+pwd" in edit.diff.splitlines() and not any(line.startswith("-l") for line in edit.diff.splitlines())


def test_the_new_block_runs_after_the_old_one() -> None:
    blocks = parse_deck(_kept(_DECK, "pwd").new, Path("deck.md")).blocks
    assert [[line.text for line in block.lines] for block in blocks] == [["ls"], ["pwd"]]


def test_a_command_that_holds_a_fence_does_not_end_the_block() -> None:
    text = _kept(_DECK, "cat <<E\n```\nE").new
    blocks = parse_deck(text, Path("deck.md")).blocks
    assert [line.text for line in blocks[1].lines] == ["cat <<E", "```", "E"]


def test_a_block_in_a_list_stays_in_the_list() -> None:
    text = "- one\n\n  ```bash\n  ls\n  ```\n\n- two\n"
    assert _kept(text, "pwd").new == "- one\n\n  ```bash\n  ls\n  ```\n\n  ```bash\n  pwd\n  ```\n\n- two\n"


def test_line_ends_stay_as_they_are() -> None:
    assert "\r\n\r\n```bash\r\npwd\r\n```\r\n" in _kept(_DECK.replace("\n", "\r\n"), "pwd").new


def test_a_last_line_without_an_end_gets_one() -> None:
    assert _kept("```bash\nls\n```", "pwd").new == "```bash\nls\n```\n\n```bash\npwd\n```\n"


def test_a_deck_that_has_changed_meanwhile_is_left_alone() -> None:
    block = parse_deck(_DECK, Path("deck.md")).blocks[0]
    with pytest.raises(DeckError, match="has changed"):
        with_block(Path("deck.md"), f"new\n{_DECK}", block, ["pwd"])
