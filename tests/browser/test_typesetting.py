"""How words and code are set on a slide: no word alone on a last line, commands large enough, short slides larger."""

from pathlib import Path

import pytest

from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.test_deck import go_to
from tests.render.small_decks import make_deck, make_slide

pytestmark = pytest.mark.browser
ALONE = (  # sentences of real decks whose last word stood alone
    "> Un conteneur vit aussi longtemps que son premier processus.\n"
    "> Quand celui-ci se termine, le conteneur s’arrête.\n\n"
    "Pas de panne, pas de mystère\u00a0: il a simplement fini son travail."
)
COMMAND = (
    "docker run -d --name clock --restart unless-stopped debian sleep infinity  # it starts again with the computer"
)
DRAWING = "+" + "-" * 96 + "+\n|" + " " * 96 + "|\n+" + "-" * 96 + "+"
DECK = make_deck(
    make_slide(f"## L’idée à retenir\n\n{ALONE}", id="words"),
    make_slide(f"## Command\n\n```sh {{.norun}}\n{COMMAND}\n```\n", id="command"),
    make_slide(f"## Drawing\n\n```text\n{DRAWING}\n```\n", id="drawing"),
    make_slide("## Table\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", id="table"),
    make_slide("## Full\n\n" + "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 8, id="full"),
)
LAST_LINES = """(slide) => [...document.querySelectorAll(`#${slide} p`)].map((text) => {
  const range = document.createRange();
  range.selectNodeContents(text);
  const rects = [...range.getClientRects()];
  return [rects.length, rects.at(-1).width / text.getBoundingClientRect().width];
})"""
LETTERS = "(chosen) => parseFloat(getComputedStyle(document.querySelector(chosen)).fontSize)"
LINE = "(chosen) => document.querySelector(chosen).clientHeight"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    theme = load_theme("folio")
    return write_site(render_deck(DECK, {}, theme), {}, theme, tmp_path_factory.mktemp("typesetting") / "public")


def test_no_word_stands_alone_on_a_last_line(open_page: Open, index: Path) -> None:
    theme = load_theme("contrast")
    folder = index.parent.with_name("contrast")
    page = open_page(write_site(render_deck(DECK, {}, theme), {}, theme, folder), "#/words")
    after = page.evaluate(LAST_LINES, "words")
    page.evaluate("document.querySelectorAll('#words p').forEach((text) => (text.style.paddingInlineEnd = ''))")
    before = page.evaluate(LAST_LINES, "words")
    assert [lines for lines, _ in before] == [lines for lines, _ in after] == [3, 2]
    assert before[0][1] < 0.2 < after[0][1]


def test_a_long_command_goes_on_on_the_next_line_and_a_drawing_stays_whole(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "command")
    assert page.evaluate(LETTERS, "#command pre") >= 23
    assert page.evaluate(LINE, "#command .line") > page.evaluate(LETTERS, "#command pre") * 2
    go_to(page, "drawing")
    assert page.evaluate(LINE, "#drawing .line") < page.evaluate(LETTERS, "#drawing pre") * 2


def test_a_short_table_is_written_larger_than_a_long_one(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "table")
    short = page.evaluate(LETTERS, "#table td")
    go_to(page, "full")
    assert page.evaluate(LETTERS, "#full td") < short == 40
