"""The speaker's view: a window of its own in step with the deck's, terminals too, whichever is loaded anew."""

from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from castdeck.deck import parse_deck
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import REVEAL_IS_READY, Open
from tests.browser.seldom import PAGE
from tests.browser.test_deck import index, wait_for_state

__all__ = ["index"]
pytestmark = pytest.mark.browser

NUMBER = "`${Reveal.getSlides().indexOf(Reveal.getCurrentSlide()) + 1} / ${Reveal.getSlides().length}`"
PLANNED = """# Start {minutes=1}

---

# Work {.section minutes=2}

---

# One by one

- first

--

- second

Note: Say hello.

--

Then *show* it.

---

# End
"""


def speaker_of(page: Page) -> Page:
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    expect(popup.value.locator(".number")).to_contain_text("/")
    return popup.value


def copy_of(speaker: Page, what: str = "current") -> Frame:
    """The view's copy of the deck that shows this slide ("current"), or the next one ("upcoming")."""
    element = speaker.wait_for_selector(f"iframe.{what}")
    assert element
    frame = element.content_frame()
    assert frame
    frame.wait_for_selector(".reveal.ready")
    return frame


def in_state(frame: Frame | Page, block: str, state: str) -> None:
    frame.wait_for_selector(f'.terminal[data-block="{block}"][data-state="{state}"]')


def on_slide(frame: Frame, slide: str) -> None:
    frame.wait_for_function("id => Reveal.getCurrentSlide().id === id", arg=slide)


def test_both_windows_are_in_step_and_the_commands_are_told(open_page: Open, index: Path) -> None:
    page = open_page(index)
    page.evaluate("Reveal.slide(1)")
    speaker = speaker_of(page)
    current = copy_of(speaker)
    commands = speaker.locator(".list li")
    expect(commands.locator("code")).to_have_text(["docker run -d --name web nginx", "docker ps"])
    expect(commands.nth(0)).to_have_class("waits")
    expect(speaker.locator(".text")).to_contain_text("Wait for questions.")
    on_slide(copy_of(speaker, "upcoming"), page.evaluate("Reveal.getSlides()[2].id"))

    page.bring_to_front()
    page.keyboard.press("ArrowRight")
    in_state(current, "run-1", "paused")
    expect(commands.nth(0)).to_have_class("done")

    speaker.bring_to_front()
    speaker.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    in_state(current, "run-1", "ended")
    expect(commands.nth(1)).to_have_class("done")
    speaker.close()


@PAGE
def test_what_is_held_or_finished_in_one_window_is_so_in_the_other(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    for _ in range(4):
        page.evaluate("document.querySelector('.present .speed').click()")  # at last 0.5
    speaker = speaker_of(page)
    current = copy_of(speaker)
    speaker.keyboard.press("t")
    wait_for_state(page, "run-1", "playing")
    speaker.keyboard.press("t")
    in_state(current, "run-1", "paused")
    speaker.keyboard.press("r")
    wait_for_state(page, "run-1", "ended")
    in_state(current, "run-1", "ended")
    speaker.close()


@PAGE
def test_either_window_is_loaded_anew_and_they_are_in_step_again(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    speaker = speaker_of(page)
    speaker.keyboard.press("+")
    expect(speaker.locator(".text")).to_have_css("font-size", "30px")
    speaker.reload()
    expect(speaker.locator(".text")).to_have_css("font-size", "30px")
    expect(speaker.locator(".number")).to_have_text(page.evaluate(NUMBER))
    page.reload()
    page.wait_for_function(REVEAL_IS_READY)
    page.evaluate("Reveal.slide(0)")
    expect(speaker.locator(".number")).to_have_text(page.evaluate(NUMBER))
    on_slide(copy_of(speaker), page.evaluate("Reveal.getCurrentSlide().id"))
    speaker.close()


def test_notes_go_in_steps_and_the_pace_is_told(open_page: Open, tmp_path: Path) -> None:
    deck = parse_deck(PLANNED, tmp_path / "deck.md")
    theme = load_theme()
    page = open_page(write_site(render_deck(deck, {}, theme), {}, theme, tmp_path / "public"), "#/one-by-one")
    speaker = speaker_of(page)
    expect(speaker.locator(".section")).to_have_text("Work")
    expect(speaker.locator(".text > p:not(.other)")).to_have_text("Say hello.")
    page.keyboard.press("ArrowRight")
    expect(speaker.locator(".text > p:not(.other)")).to_have_text("Then show it.")
    expect(speaker.locator(".plan i")).to_have_count(2)
    expect(speaker.locator(".foot")).to_contain_text("ahead")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(speaker.locator(".number")).to_have_text("1 / 4")
    expect(speaker.locator(".foot")).to_contain_text("on time")
    for width, height in ((1280, 720), (700, 1000)):
        speaker.set_viewport_size({"width": width, "height": height})
        assert speaker.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert speaker.evaluate("document.querySelector('.foot').getBoundingClientRect().bottom <= innerHeight")
    speaker.close()
