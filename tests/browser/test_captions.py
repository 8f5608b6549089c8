"""What commands do is said: in the terminal's title bar, and to screen readers with what was printed."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from castdeck.deck import parse_deck
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.test_accessibility import violations
from tests.browser.test_deck import record, wait_for_state

pytestmark = pytest.mark.browser
TEXT = """# One {#one}

```bash {caption="Says it | Says it again"}
echo first
echo second
```

---

# Two {#two}

```bash
echo first   # a greeting
echo second
```
"""
CASTS = {
    "one-1": record(("echo first", "first\n"), ("echo second", "second\n")),
    "two-1": record(("echo first   # a greeting", "first\n"), ("echo second", "second\n")),
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    theme = load_theme()
    deck = parse_deck(TEXT, tmp_path / "deck.md")
    return write_site(render_deck(deck, CASTS, theme), CASTS, theme, tmp_path / "public")


def test_a_caption_stands_in_the_title_bar_while_its_command_plays(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/one")
    caption = page.locator(".present .bar .caption")
    expect(caption).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(caption).to_have_text("Says it")
    wait_for_state(page, "one-1", "paused")
    page.keyboard.press("ArrowRight")
    expect(caption).to_have_text("Says it again")
    wait_for_state(page, "one-1", "ended")
    assert violations(page) == []


def test_screen_readers_are_told_of_a_command_and_of_what_it_printed(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/two")
    page.evaluate(
        """() => {
          window.said = [];
          const status = document.querySelector(".aria-status");
          const hear = () => status.textContent && said.at(-1) !== status.textContent && said.push(status.textContent);
          new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
        }"""
    )
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "two-1", "paused")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "two-1", "ended")
    page.wait_for_function("() => said.at(-1) === 'second'")
    assert page.evaluate("said") == ["a greeting: echo first   # a greeting", "first", "echo second", "second"]
