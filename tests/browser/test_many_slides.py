"""reveal.js with our changes for decks of many slides, beside reveal.js as it comes: after each move the same page."""

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from castdeck.deck import parse_deck
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.seldom import PAGE

pytestmark = pytest.mark.browser

CHANGES = Path(__file__).parents[2] / "builder/browser/reveal-changes.toml"
COLUMNS = 60
MOVES = (
    "Reveal.slide(45)",  # far on: all fragments before it are shown
    "Reveal.next()",
    "Reveal.prev(), Reveal.prev()",
    "Reveal.slide(7, 1)",  # into the middle of a stack, far back
    "Reveal.down({ skipFragments: true })",
    "Reveal.slide(8)",  # out of it, and in again where it was left
    "Reveal.slide(7)",
    "Reveal.slide(7, 0)",
    "Reveal.slide(9)",  # past a stack whose other slides were not seen, and back
    "Reveal.slide(7)",
    "Reveal.slide(14, 2, 0)",  # into another stack, at a fragment
    "Reveal.slide(7, 1)",
    "Reveal.slide(1000)",  # behind the last
    "Reveal.next(), Reveal.next()",
    "Reveal.slide(0)",
    "Reveal.prev()",
    "Reveal.toggleOverview(true)",
    "Reveal.slide(30)",
    "Reveal.toggleOverview(false)",
    "Reveal.getSlidesElement().append(Reveal.getSlide(3)), Reveal.slide(29)",  # a past slide becomes a future one
    "Reveal.getSlide(20).append(document.createElement('section')), Reveal.sync()",
    "Reveal.slide(10)",
    "Reveal.configure({ fragments: false }), Reveal.slide(50)",
    "Reveal.configure({ fragments: true }), Reveal.slide(40)",
    "Reveal.setState({ ...Reveal.getState(), indexh: 2, indexv: 0 })",
)
STATE = """() => {
  const told = (element) => ({
    ...Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
    class: [...element.classList].sort().join(" "),
    style: element.style.display,
  });
  const all = (selector) => [...document.querySelectorAll(selector)].map(told);
  return {
    sections: all(".slides section"),
    fragments: all(".slides section .fragment"),
    media: all(".slides video, .slides img, .backgrounds video"),
    stretched: [...document.querySelectorAll(".r-stretch, .stretch")].map((element) => element.style.height),
    backgrounds: all(".slide-background, .slide-background-content"),
    place: [Reveal.getIndices(), Reveal.getProgress(), Reveal.getTotalSlides(), Reveal.getSlidePastCount()],
    routes: Reveal.availableRoutes(),
    number: document.querySelector(".slide-number").textContent.replace(/\\s/g, ""),
    bar: document.querySelector(".progress span").style.transform,
  };
}"""


def deck_text(settings: str) -> str:
    """Slides with steps; every seventh column a stack of three, some with a background or with a film."""
    slides = []
    for number in range(COLUMNS):
        text = f"# Slide {number}\n\nfirst\n\n--\n\nsecond\n\n--\n\nthird\n"
        if number % 5 == 3:
            text = f"<!-- .slide: data-background-color='#0{number % 10}4' -->\n\n{text}"
        if number % 6 == 4:
            text += '\n<video class="r-stretch" data-src="data:video/webm;base64,"></video>\n'
        if number % 7 == 0:
            text += "".join(f"\n----\n\n## Below {number}.{row}\n\n- a\n\n--\n\n- b\n" for row in (1, 2))
        slides.append(text)
    return f"---\nslideNumber: c/t\nreveal:\n  transition: none\n{settings}---\n\n" + "\n---\n\n".join(slides)


@pytest.mark.parametrize(
    "settings",
    ["", "  loop: true\n", "  rtl: true\n"],
    ids=["plain", "loop", "rtl"],
)
@PAGE
def test_every_slide_is_as_in_unchanged_reveal_js(
    settings: str, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    theme = load_theme()
    site = write_site(
        render_deck(parse_deck(deck_text(settings), tmp_path / "deck.md"), {}, theme), {}, theme, tmp_path / "ours"
    )
    shutil.copytree(site.parent, tmp_path / "theirs")
    unchange(tmp_path / "theirs/lib/reveal.js")
    ours, theirs = open_page(site), open_page(tmp_path / "theirs" / site.name)
    assert ours.evaluate("Reveal.getTotalSlides()") > COLUMNS
    for move in MOVES:
        states = []
        for page in (ours, theirs):
            page.evaluate(move)
            states.append(page.evaluate(STATE))
        assert states[0] == states[1], move


def unchange(library: Path) -> None:
    """Make reveal.js as it comes from npm again."""
    text = library.read_text(encoding="utf-8")
    for change in tomllib.loads(CHANGES.read_text(encoding="utf-8"))["change"]:
        assert text.count(change["put"]) == 1, change["why"]
        text = text.replace(change["put"], change["find"])
    library.write_text(text, encoding="utf-8")
