"""A deck looks the same on every computer: its letters are those of the fonts that travel with it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.render.small_decks import make_deck

pytestmark = pytest.mark.browser
TEXT = "Hamburgefonstiv 0123456789, naïve fiancée"
BOXES = "┌──┬──┐│██│▒▒│└──┴──┘"
TOLERANCE = 0.01
MEASURE = """async ([name, text]) => {
  await document.fonts.ready;
  const family = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`);
  const span = Object.assign(document.createElement("span"), { textContent: text });
  span.style.cssText = `position: absolute; white-space: pre; font: 400 100px ${family}; font-variant-ligatures: none`;
  document.body.append(span);
  await document.fonts.load(`400 100px ${family}`, text);
  return span.getBoundingClientRect().width / 100;
}"""
WIDTHS = {"folio": 17.84, "scope": 20.33, "grid": 19.49, "blocks": 20.73, "contrast": 19.7}  # of TEXT, in em


def deck_in(theme: str, folder: Path, open_page: Open) -> Page:
    chosen, deck = load_theme(theme), make_deck(f"# {TEXT}\n\n`{BOXES}`")
    return open_page(write_site(render_deck(deck, {}, chosen), {}, chosen, folder / "public"))


@pytest.mark.parametrize("theme", sorted(WIDTHS))
def test_letters_and_cells_are_as_wide_as_in_the_fonts_that_travel(open_page: Open, tmp_path: Path, theme: str) -> None:
    page = deck_in(theme, tmp_path, open_page)
    assert page.evaluate(MEASURE, ["text-font", TEXT]) == pytest.approx(WIDTHS[theme], rel=TOLERANCE)
    for text in (TEXT, BOXES):  # a letter of code, and a part of a box, fills six tenths of its height
        assert page.evaluate(MEASURE, ["code-font", text]) == pytest.approx(0.6 * len(text), rel=TOLERANCE)
