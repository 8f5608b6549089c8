"""A slide that is too full goes on on further ones: nothing is lost, lists count on, tables keep their heads."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from castdeck.deck import Deck, parse_deck
from castdeck.deck.split import split, units
from castdeck.render.slide import markdown_html


def cut(text: str, *cuts: int) -> Deck:
    deck = parse_deck(text, Path("deck.md"))
    return split(deck, {deck.slides[0].id: cuts})


def pages(deck: Deck) -> Sequence[str]:
    return [markdown_html(slide.tokens, deck.path).replace("\n", "") for slide in deck.slides]


def test_a_list_goes_on_counting_and_the_title_says_which_part_it_is() -> None:
    assert pages(cut("# One\n\n1. a\n2. b\n3. c\n", 1, 2)) == [
        "<h1>One</h1><ol><li>a</li></ol>",
        '<h1>One (2/3)</h1><ol start="2"><li>b</li></ol>',
        '<h1>One (3/3)</h1><ol start="3"><li>c</li></ol>',
    ]


def test_a_table_keeps_its_head() -> None:
    first, second = pages(cut("# One\n\n| a |\n|---|\n| 1 |\n| 2 |\n\nEnd\n", 1))
    assert "<th>a</th>" in first and "<td>1</td>" in first and "<td>2</td>" not in first
    assert "<th>a</th>" in second and "<td>2</td>" in second and second.endswith("<p>End</p>")


def test_a_comment_is_no_hindrance() -> None:
    assert len(cut("# One\n\na\n\n<!-- later -->\n\nb\n", 1).slides) == 2


def test_blocks_and_notes_go_with_the_slide_and_ids_stay_unique() -> None:
    text = "# One\n\nw\n\n```bash {.hidden}\nid\n```\n\n```bash\nls\n```\n\nNote: n\n\n---\n\n# B {#one-2}\n"
    deck = cut(text, 1)
    assert [slide.id for slide in deck.slides] == ["one", "one-2-more", "one-2"]
    assert [[block.name for block in slide.blocks] for slide in deck.slides] == [[], ["one-1", "one-2"], []]
    assert [bool(slide.notes) for slide in deck.slides] == [True, True, False]


@pytest.mark.parametrize(
    "text",
    ["# One {.whole}\n\na\n\nb\n", "# One\n\n<p>a</p>\n\nb\n", "# One\n\n::: columns\n::: column\na\n:::\n:::\n\nb\n"],
)
def test_what_has_a_form_of_its_own_stays_one_slide(text: str) -> None:
    deck = parse_deck(text, Path("deck.md"))
    assert units(deck.slides[0]) == ()
    assert split(deck, {"one": (1,)}).slides == deck.slides
