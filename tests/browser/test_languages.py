"""A deck in two languages: the page's switch keeps the slide and the step, built, in the preview and in class."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.browser.live import deck_frame, serving
from tests.browser.seldom import CLASS
from tests.conftest import Cli

pytestmark = pytest.mark.browser
ENGLISH = """---
lang: en
---

# Hello

words

---

# One {#one}

first

--

second

---

# The third

end
"""
FRENCH = (
    ENGLISH.replace("lang: en", "lang: fr").replace("# Hello", "# Bonjour").replace("# One", "# Un")
    .replace("# The third", "# Le troisième")
)  # fmt: skip
SHOWN = "() => Reveal.getCurrentSlide().querySelector('h1').textContent + Reveal.getIndices().f"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "slides/talk"
    folder.mkdir(parents=True)
    (tmp_path / "castdeck.toml").write_text("")
    (folder / "deck.en.md").write_text(ENGLISH)
    (folder / "deck.fr.md").write_text(FRENCH)
    return tmp_path


def test_the_switch_of_a_built_deck_keeps_the_slide_and_its_step(cli: Cli, open_page: Open, workspace: Path) -> None:
    assert cli("build", "talk", cwd=workspace).status == 0
    page = open_page(workspace / "public/talk.en/index.html", "#/one/0")
    switch = page.get_by_role("navigation", name="Languages")
    expect(switch.locator("[aria-current]")).to_have_text("English")
    assert page.evaluate("document.querySelector('.languages a:last-child').getAttribute('href')") == (
        "../talk.fr/index.html#/one/0"
    )
    page.evaluate("Reveal.slide(2)")
    assert page.evaluate("document.querySelector('.languages a:last-child').getAttribute('href')") == (
        "../talk.fr/index.html#/le-troisieme"
    )


def test_a_deck_alone_has_no_switch(cli: Cli, open_page: Open, workspace: Path) -> None:
    (workspace / "slides/talk/deck.fr.md").unlink()
    assert cli("build", "talk", cwd=workspace).status == 0
    page = open_page(workspace / "public/talk.en/index.html")
    expect(page.locator(".languages")).to_have_count(0)


@pytest.mark.parametrize("verb", ["serve", pytest.param("present", marks=CLASS)])
def test_the_switch_of_a_served_deck_keeps_the_slide(chromium: Browser, workspace: Path, verb: str) -> None:
    wrong: list[str] = []
    with serving(workspace, "talk", "--port", "0", verb=verb) as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 720})
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"{address}#/one/0")
        for name, title in (("Français", "Un"), ("English", "One")):
            shown_frame(page).get_by_role("link", name=name).click()
            frame = shown_frame(page, name)
            frame.wait_for_function(f"() => ({SHOWN})() === {title + '0'!r}")
        page.close()
    assert wrong == []


def shown_frame(page: Page, language: str = "") -> Page:
    """The deck's frame, once it is ready, and in that language."""
    frame = deck_frame(page)
    frame.wait_for_selector(f".languages [aria-current]{f':text-is({language!r})' * bool(language)}", state="attached")
    return frame  # type: ignore[return-value]
