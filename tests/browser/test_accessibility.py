"""For everybody: axe-core finds nothing, and a keyboard is enough."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from castdeck.render import write_index
from tests.browser.conftest import Open
from tests.browser.seldom import PAGE
from tests.browser.test_deck import current, index, wait_for_state

__all__ = ["index"]
pytestmark = pytest.mark.browser
RULES = {
    "preload": False,
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response
    assert len(found["passes"]) > 5
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def test_axe_finds_nothing_in_any_state_of_a_terminal(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    assert violations(page) == []
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    assert violations(page) == []
    page.keyboard.press("x")
    assert violations(page) == []


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((390, 844), marks=PAGE)])
def test_axe_finds_nothing_in_the_handout_and_the_index(open_page: Open, index: Path, size: tuple[int, int]) -> None:
    page = open_page(index.with_name("handout.html"), width=size[0], height=size[1], ready="true")
    assert violations(page) == []
    page = open_page(write_index(index.parent.parent), width=size[0], height=size[1], ready="true")
    assert violations(page) == []


def test_axe_finds_nothing_on_a_phone(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run", width=390, height=844)
    assert violations(page) == []


def test_a_keyboard_reaches_every_button_and_the_deck_stays_where_it_is(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    for name in ("speed", "type", "text", "copy", "save"):
        page.keyboard.press("Tab")
        expect(page.locator(f".present .bar .{name}")).to_be_focused()
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        expect(page.locator(".present .tools")).to_have_css("opacity", "1")
    page.keyboard.press("Tab")
    expect(page.locator(".present .play")).to_be_focused()
    page.keyboard.press("Enter")
    wait_for_state(page, "run-1", "playing")
    assert current(page) == "run"
