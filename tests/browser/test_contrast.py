"""Every theme, on the decks themselves: contrast as axe-core measures it, in code and terminals too."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event, format_cast
from castdeck.cast.recording import recording
from castdeck.render import known_themes
from tests.browser.conftest import Open
from tests.browser.measured import weak_texts
from tests.browser.test_deck import wait_for_state
from tests.conftest import Cli

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow("themes", "builder/castdeck/render", "slides"),
    pytest.mark.timeout(600),
]
DOCKER = Path(__file__).parents[2] / "slides/docker"
COLOURS = "".join(f"\x1b[{code}mcolour {code}\x1b[0m\r\n" for code in (*range(31, 38), *range(90, 98)))
PALETTE = """# Palette {#palette}

```bash
# every colour
printf colours "$HOME" 42
```

```python {.norun}
@decorator
def f(x: int = 1) -> str:
    '''A text.'''
    return f"{x}" if x is not None else "none"  # a comment
```

```diff
- gone
+ come
```

> A quote with a [link](#/palette) and `code`.
"""
HOVERED = ".terminal .tools { opacity: 1 !important; }"
SLIDE = ".slides .present:not(.stack)"
WCAG_AA = {"preload": False, "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}


def slides(page: Page) -> Iterator[str]:
    """Shows each slide with all its steps, and gives its id."""
    for slide in page.evaluate("Reveal.getSlides().map(slide => slide.id)"):
        go = "id => { const {h, v} = Reveal.getIndices(document.getElementById(id)); Reveal.slide(h, v, 99); }"
        page.evaluate(go, slide)
        page.wait_for_function("id => Reveal.getCurrentSlide().id === id", arg=slide)
        yield slide


def weak_spots(page: Page) -> list[str]:
    """What axe-core says against the page as it is now, and texts too weak for what is seen behind them."""
    found: dict[str, Any] = Axe().run(page, context=SLIDE, options=WCAG_AA).response
    against = [f"{rule['id']}: {node['html'][:80]}" for rule in found["violations"] for node in rule["nodes"]]
    return against + weak_texts(page, SLIDE)


@pytest.mark.parametrize("theme", sorted(known_themes()))
def test_the_demo_deck_can_be_read(cli: Cli, open_page: Open, tmp_path: Path, theme: str) -> None:
    out = tmp_path / "out"
    assert cli("build", DOCKER / "deck.md", "--no-record", "--theme", theme, "--out", out).status == 0
    page = open_page(out / "index.html")
    page.add_style_tag(content=HOVERED)
    assert {slide: weak for slide in slides(page) if (weak := weak_spots(page))} == {}


@pytest.mark.parametrize("theme", sorted(known_themes()))
def test_all_colours_of_code_and_terminals_can_be_read(cli: Cli, open_page: Open, tmp_path: Path, theme: str) -> None:
    (tmp_path / "deck.md").write_text(PALETTE)
    casts = tmp_path / "casts"
    casts.mkdir()
    command = RecordedCommand("$ ", ("printf\r\n",), (Event(0.1, "o", COLOURS),), 0.2, 0)
    cast = recording(RecordedSession((command,), "$ "), cols=40, rows=18)
    (casts / "palette-1.cast").write_text(format_cast(cast))
    arguments = ("--no-record", "--theme", theme, "--out", tmp_path / "out", "--recordings", casts)
    assert cli("build", "deck.md", *arguments).status == 0
    page = open_page(tmp_path / "out/index.html")
    page.add_style_tag(content=HOVERED)
    assert weak_spots(page) == []
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "palette-1", "ended")
    assert "colour 97" in str(page.text_content(".ap-term"))
    assert weak_spots(page) == []
    page.add_style_tag(content=":root { --text: var(--surface) !important; }")
    assert weak_spots(page) != []


def test_auto_is_light_by_day_and_dark_where_the_system_asks_for_it(cli: Cli, open_page: Open, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("---\ntheme: auto\n---\n\n# One\n\n- a list\n")
    assert cli("build", "deck.md", "--no-record", "--out", tmp_path / "out").status == 0
    page = open_page(tmp_path / "out/index.html")
    background = "getComputedStyle(document.querySelector('.reveal-viewport')).backgroundColor"
    assert page.evaluate(background) == "rgb(246, 241, 228)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) == "rgb(27, 24, 19)"
