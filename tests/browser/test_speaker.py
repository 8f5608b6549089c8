"""The speaker's view: two windows in step, terminals too."""

from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import Open
from tests.browser.test_deck import index, wait_for_state

__all__ = ["index"]
pytestmark = pytest.mark.browser


def copy_of(speaker: Page, what: str) -> Frame:
    """The speaker view's copy of the deck that shows this slide ("current-slide"), or what comes ("upcoming-slide")."""
    element = speaker.wait_for_selector(f"#{what} iframe")
    assert element
    frame = element.content_frame()
    assert frame
    frame.wait_for_selector(".reveal.ready")
    return frame


def in_state(frame: Frame | Page, block: str, state: str) -> None:
    frame.wait_for_selector(f'.terminal[data-block="{block}"][data-state="{state}"]')


def test_both_windows_are_in_step_and_tell_the_next_command(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/long")
    page.evaluate("Reveal.slide(1)")
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    current, upcoming = copy_of(speaker, "current-slide"), copy_of(speaker, "upcoming-slide")
    notes = speaker.locator(".speaker-controls-notes .value")
    expect(notes).to_contain_text("Next: docker run -d --name web nginx")
    expect(notes).to_contain_text("Wait for questions.")
    in_state(upcoming, "run-1", "paused")

    page.bring_to_front()
    page.keyboard.press("ArrowRight")
    in_state(current, "run-1", "paused")
    expect(notes).to_contain_text("Next: docker ps")
    in_state(upcoming, "run-1", "ended")

    speaker.bring_to_front()
    speaker.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    in_state(current, "run-1", "ended")
    expect(notes).to_have_text("Wait for questions.")
    speaker.close()


def test_what_is_held_or_finished_in_one_window_is_so_in_the_other(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.evaluate("document.querySelector('.present .speed').click()")  # 1.5
    for _ in range(3):
        page.evaluate("document.querySelector('.present .speed').click()")  # 0.5
    with page.expect_popup() as popup:
        page.keyboard.press("s")
    speaker = popup.value
    current = copy_of(speaker, "current-slide")
    speaker.keyboard.press("t")
    wait_for_state(page, "run-1", "playing")
    speaker.keyboard.press("e")
    wait_for_state(page, "run-1", "ended")
    in_state(current, "run-1", "ended")
    speaker.close()
