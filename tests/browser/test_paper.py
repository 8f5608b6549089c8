"""`export --pdf --fragments`: a page for each step and each command, with what stands on the screen by then."""

from pathlib import Path

import pytest

from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.test_deck import record
from tests.conftest import Cli
from tests.render.small_decks import make_deck, make_slide

pytestmark = pytest.mark.browser
CASTS = {"run-1": record(("echo one", "first\n"), ("echo two", "second\n"))}
DECK = make_deck(
    make_slide("## Run\n\n```bash\necho one\necho two\n```\n", id="run"),
    make_slide("## Steps\n\nabove\n\n--\n\nbelow\n", id="steps"),
)


def test_each_step_and_each_command_has_a_page(open_page: Open, tmp_path: Path) -> None:
    theme = load_theme()
    index = write_site(render_deck(DECK, CASTS, theme, each_screen=True), CASTS, theme, tmp_path / "public")
    page = open_page(index, "?print-pdf&fragments")
    page.wait_for_selector('html[data-castdeck="printed"]')
    pages = page.evaluate("[...document.querySelectorAll('.pdf-page')].map((one) => one.innerText)")
    assert [[word for word in ("first", "second", "above", "below") if word in text] for text in pages] == [
        [],
        ["first"],
        ["first", "second"],
        ["above"],
        ["above", "below"],
    ]
    sizes = page.evaluate(
        "[...document.querySelectorAll('.pdf-page .terminal')].map((one) => getComputedStyle(one).fontSize)"
    )
    assert len(set(sizes)) == 1


def test_fragments_go_with_a_pdf(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# One\n")
    done = cli("export", "deck.md", "--zip", "--fragments")
    assert (done.status, "--fragments needs --pdf" in done.err) == (2, True)
