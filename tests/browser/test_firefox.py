"""The deck in Firefox: each key, and each state of a terminal."""

from pathlib import Path

import pytest

from tests.browser.firefox import FIREFOX, firefox_page
from tests.browser.test_deck import LAST_LINE, index

__all__ = ["index"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(FIREFOX is None, reason="no Firefox on PATH"),
    pytest.mark.timeout(180),
]
STATE = "document.querySelector('#run .terminal').dataset.state"
SHOWN = "[...document.querySelectorAll('#run .ap-line')].map((line) => line.textContent).join(' ')"


def test_commands_are_steps_in_firefox_too(index: Path, tmp_path: Path) -> None:
    assert FIREFOX
    profile = tmp_path / "profile"
    profile.mkdir()
    with firefox_page(FIREFOX, profile, 1920, 1080) as page:
        page.open(f"{index.as_uri()}#/run")
        page.wait_for(f"{STATE} === 'code'")
        page.press("ArrowRight")
        page.wait_for(f"{STATE} === 'paused' && {SHOWN}.includes('5f70bf18a086007016e948')")
        page.press("PageDown")
        page.wait_for(f"{STATE} === 'ended' && {SHOWN}.includes({LAST_LINE!r})")
        page.wait_for("location.hash === '#/run/1'")
        page.press("ArrowLeft")
        page.wait_for(f"{STATE} === 'paused' && !{SHOWN}.includes('docker ps')")
        page.press("ArrowLeft")
        page.wait_for(f"{STATE} === 'code'")
        page.press("e")
        page.wait_for(f"{STATE} === 'ended'")
        page.press("x")
        page.wait_for("document.activeElement.matches('#run .transcript')")
        page.press("Escape")
        page.press("ArrowRight")
        page.wait_for("Reveal.getCurrentSlide().id === 'after'")
        box = "document.querySelector('#long .terminal').getBoundingClientRect()"
        page.evaluate("location.hash = '#/long'")
        page.wait_for(f"Reveal.getCurrentSlide().id === 'long' && {box}.bottom <= innerHeight && {box}.height > 200")
        assert page.wrong == []
