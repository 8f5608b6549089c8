"""What only a browser makes of a deck's language: maths, diagrams, columns; from the disk, under the page's policy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from castdeck.deck import parse_deck
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.live import Serve
from tests.browser.seldom import PREVIEW

pytestmark = pytest.mark.browser

DECK = r"""# Maths

In a line $x^2$, and below:

$$
\int_0^1 x \, dx
$$

---

# Diagram

```mermaid
flowchart LR
  one[First box] --> two[Second box]
```

---

# Broken

```mermaid
flowchart of nothing
```

---

# Tall

words above

```mermaid
flowchart TD
  a --> b --> c --> d --> e --> f --> g --> h --> i --> j
```

---

# Columns

::: columns
::: {.column width=30%}
left

--

later
:::
::: column
right
:::
:::
"""
DRAWN = """() => [...document.querySelectorAll('.present .diagram')]
  .every(diagram => diagram.shadowRoot?.querySelector('svg, .error'))"""
SVG = "document.querySelector('.present .diagram').shadowRoot.querySelector('svg')"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    deck = parse_deck(DECK, tmp_path / "deck.md")
    theme = load_theme()
    return write_site(render_deck(deck, {}, theme), {}, theme, tmp_path / "public")


def go_to(page: Page, slide: str) -> None:
    page.evaluate("id => Reveal.slide(Reveal.getIndices(document.getElementById(id)).h)", slide)
    page.wait_for_function(DRAWN)


def test_maths_are_typeset_with_katex_own_fonts(open_page: Callable[..., Page], index: Path) -> None:
    page = open_page(index)
    expect(page.locator(".present .math .katex")).to_have_count(2)
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].some(font => font.family === 'KaTeX_Math' && font.status === 'loaded')")


def test_a_diagram_is_drawn_on_its_slide_and_reads_as_text(open_page: Callable[..., Page], index: Path) -> None:
    page = open_page(index)
    go_to(page, "diagram")
    assert "Second box" in page.evaluate(f"{SVG}.textContent")
    left, right, width = page.evaluate(f"(r => [r.left, r.right, innerWidth])({SVG}.getBoundingClientRect())")
    assert 0 < left < right < width
    assert right - left > 300


def test_a_diagram_that_is_none_says_why(open_page: Callable[..., Page], index: Path) -> None:
    page = open_page(index)
    go_to(page, "broken")
    said = page.evaluate("document.querySelector('.present .diagram').shadowRoot.querySelector('.error').textContent")
    assert "flowchart of nothing" in said


def test_a_tall_diagram_fits_below_the_words(open_page: Callable[..., Page], index: Path) -> None:
    page = open_page(index, width=1920, height=1080)
    go_to(page, "tall")
    assert page.evaluate(f"{SVG}.getBoundingClientRect().bottom") < 1080
    assert page.evaluate("(b => b.scrollHeight <= b.clientHeight + 1)(document.querySelector('.present .body'))")


def test_columns_stand_side_by_side_and_a_step_in_one_comes_with_the_key(
    open_page: Callable[..., Page], index: Path
) -> None:
    page = open_page(index)
    go_to(page, "columns")
    left, right = page.locator(".present .column").all()
    first, second = left.bounding_box(), right.bounding_box()
    assert first and second
    assert first["y"] == second["y"]
    assert first["x"] + first["width"] <= second["x"]
    assert first["width"] < second["width"]
    later = page.locator(".present .fragment")
    expect(later).not_to_have_class("fragment step visible current-fragment")
    page.keyboard.press("ArrowRight")
    expect(later).to_have_class("fragment step visible current-fragment")


def test_a_deck_without_maths_and_diagrams_carries_no_library_for_them(tmp_path: Path) -> None:
    deck = parse_deck("# One\n\n$HOME\n", tmp_path / "deck.md")
    theme = load_theme()
    index = write_site(render_deck(deck, {}, theme), {}, theme, tmp_path / "public")
    carried = {path.relative_to(index.parent).as_posix() for path in index.parent.rglob("*")}
    assert not [path for path in carried if "katex" in path.lower() or "mermaid" in path]
    assert "katex" not in index.read_text()


@PREVIEW
def test_the_preview_typesets_and_draws_what_is_saved(serve: Serve) -> None:
    live = serve("# One\n\nwords $a$ more\n\n```mermaid\nflowchart LR\n  one --> two\n```\n")
    live.waits(DRAWN)
    live.mark()
    live.edit("words $a$ more", "words $b$ and $c$")
    live.waits("() => document.querySelectorAll('.present .math .katex').length === 2")
    live.edit("two", "three")
    live.waits(f"() => {DRAWN.removeprefix('() =>')} && {SVG}.textContent.includes('three')")
    assert live.is_same_page


@PREVIEW
def test_the_preview_follows_an_included_file(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "part.md").write_text("# Two\n\nincluded words\n")
    live = serve("# One\n\n---\n\ninclude: part.md\n")
    live.mark()
    live.go_to("two")
    live.shows("included words")
    (tmp_path / "part.md").write_text("# Two\n\nother words\n\n---\n\n# Three\n")
    live.shows("other words")
    assert live.ids() == ["one", "two", "three"]
    (tmp_path / "part.md").unlink()
    live.waits("() => document.querySelectorAll('.slides section').length === 1")
    (tmp_path / "part.md").write_text("# Two\n")
    live.waits("() => document.getElementById('two')")
    assert live.is_same_page
