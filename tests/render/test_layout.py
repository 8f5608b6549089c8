"""The layout that a slide has by itself."""

import pytest

from castdeck.render.layout import layout_of
from tests.render.small_decks import make_slide


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("# Alone", "section"),
        ("## Alone", "section"),
        ("background-image: url(x.png)\n\n## Alone", ""),
        ("# A title\n\nAnd words.", "words"),
        ("# A title\n\n### And a line below", "words"),
        ("# A title\n\n![](x.png)", ""),
        ("# A title\n\n- a list", ""),
        ("> A quote.", "quote"),
        ("> A quote.\n\nSomebody", "quote"),
        ("# Why\n\n> A quote.", "quote"),
        ("# Why\n\n> A quote.\n\nAnd more.", ""),
        ("A sentence.", "statement"),
        ("A sentence that is so long that nobody would take it for a statement, for it goes on and on and on.", ""),
        ("# Alone {.center}", ""),
        ("# A title\n\n--\n\nlater", ""),
        ("# A title\n\n```bash\nls\n```", ""),
        ("", ""),
    ],
)
def test_it_is_told_by_what_stands_on_it(text: str, layout: str) -> None:
    assert layout_of(make_slide(text)) == layout
