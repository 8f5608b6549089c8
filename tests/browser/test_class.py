"""A class in Chromium: the wall, a student and the trainer's list."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.live import deck_frame
from tests.present.test_class import school

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


def test_a_student_goes_along_takes_a_machine_and_is_seen(chromium: Browser, tmp_path: Path) -> None:
    wrong: list[str] = []
    with school(tmp_path, 3) as here:
        trainer, other = chromium.new_context(), chromium.new_context()
        wall, list_, student = trainer.new_page(), trainer.new_page(), other.new_page()
        for page in (wall, list_, student):
            page.on("pageerror", lambda error: wrong.append(str(error)))
        wall.goto(f"{here.address}?token={here.token}")
        list_.goto(f"{here.address}students")
        student.goto(f"{here.address}class/?token={here.class_token}")
        student.evaluate("localStorage.setItem('castdeck-name', 'Ada')")
        student.reload()
        expect(list_.locator("#students td").first).to_have_text("Ada")
        deck_frame(wall).wait_for_selector(".reveal.ready")
        wall.keyboard.press("ArrowRight")
        on_two = student.frame_locator("iframe").locator("section#two.present")
        expect(on_two).to_be_visible()
        student.frame_locator("iframe").locator("#two .code-box, #two .terminal").first.wait_for()
        student.get_by_title("Raise your hand").click()
        expect(list_.locator("tr.hand")).to_contain_text("Ada")
        student.frame_locator("iframe").locator("body").press("ArrowLeft")
        expect(student.get_by_title("Go along")).to_have_attribute("aria-pressed", "false")
        expect(list_.locator("#students tr").first).to_contain_text("1 One")
        trainer.close()
        other.close()
    assert wrong == []
