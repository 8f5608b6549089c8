"""A class in Chromium: the wall, a student and the trainer's list."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.live import deck_frame, write_cast
from tests.browser.seldom import CLASS
from tests.present.test_class import School, school
from tests.terminals.preview import DECK

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@contextmanager
def _pages(chromium: Browser, here: School) -> Iterator[tuple[Page, Page, Page]]:
    """The wall, the trainer's list and a student's page, in whose scripts nothing goes wrong."""
    wrong: list[str] = []
    trainer, other = chromium.new_context(), chromium.new_context()
    wall, list_, student = trainer.new_page(), trainer.new_page(), other.new_page()
    for page in (wall, list_, student):
        page.on("pageerror", lambda error: wrong.append(str(error)))
    wall.goto(f"{here.address}?token={here.token}")
    list_.goto(f"{here.address}students")
    student.goto(f"{here.address}class/?token={here.class_token}")
    yield wall, list_, student
    trainer.close()
    other.close()
    assert wrong == []


def test_a_student_goes_along_takes_a_machine_and_is_seen(chromium: Browser, tmp_path: Path) -> None:
    with school(tmp_path, 3) as here, _pages(chromium, here) as (wall, list_, student):
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


def _takes_over(page: Page) -> None:
    deck_frame(page).wait_for_selector("#one .take", state="attached")
    deck_frame(page).focus("body")
    page.keyboard.press("y")
    page.wait_for_selector('.live[data-state="running"]')


def _types(page: Page, line: str, shows: str) -> None:
    page.keyboard.type(f"{line}\n")
    expect(page.locator(".live .xterm-rows")).to_contain_text(shows)


@CLASS
def test_terminals_are_looked_at_where_they_are_shared(chromium: Browser, tmp_path: Path) -> None:
    expect.set_options(timeout=30_000)
    write_cast(tmp_path / "casts", "one-1", ("echo hello > greeting", ""), ("cat greeting", "hello"))
    with school(tmp_path, 3, "--recordings", "casts") as here, _pages(chromium, here) as (wall, list_, student):
        _takes_over(student)
        _types(student, r"printf '\033]0;evil\a\033]52;c;ZXZpbA==\amine-%s\n' $((1+1))", "mine-2")
        list_.get_by_text("Ask", exact=True).click()
        expect(student.locator("select.asked")).to_be_visible()
        student.select_option(".student-bar select", "type")
        list_.get_by_text("Type along", exact=True).click()
        expect(list_.locator(".watch .xterm-rows")).to_contain_text("mine-2")
        assert "evil" not in list_.title()
        list_.locator(".watch .xterm").click()
        list_.keyboard.type("echo from-the-trai''ner\n")
        expect(student.locator(".live .xterm-rows")).to_contain_text("from-the-trainer")
        student.select_option(".student-bar select", "")
        expect(list_.locator(".watch")).to_have_count(0)
        _takes_over(wall)
        _types(wall, "echo for-a''ll", "for-all")
        wall.locator(".live").get_by_text("Show", exact=True).click()
        expect(student.locator(".watch .xterm-rows")).to_contain_text("for-all")
        student.locator(".watch .xterm").click()
        student.keyboard.type("echo med''dled\n")
        _types(wall, "echo o''n", "on")
        expect(student.locator(".watch .xterm-rows")).to_contain_text("on")
        assert "meddled" not in wall.locator(".live .xterm-rows").inner_text()
        student.screenshot(path=tmp_path / "student.png")
        list_.screenshot(path=tmp_path / "list.png")
        wall.locator(".live").get_by_text("Show", exact=True).click()
        expect(student.locator(".watch")).to_have_count(0)


@CLASS
def test_a_class_is_in_the_decks_language(chromium: Browser, tmp_path: Path) -> None:
    expect.set_options(timeout=30_000)
    write_cast(tmp_path / "casts", "one-1", ("echo hello > greeting", ""), ("cat greeting", "hello"))
    french = DECK.replace("---\n", "---\nlang: fr-CA\n", 1)
    with (
        school(tmp_path, 1, "--recordings", "casts", deck=french) as here,
        _pages(chromium, here) as (wall, list_, student),
    ):
        for page in (wall, list_, student):
            expect(page.locator("html")).to_have_attribute("lang", "fr-CA")
        expect(list_.locator("th")).to_have_text(
            ["Nom", "Diapositive", "Machine", "Shell", "Dernier statut", "Fait", ""]
        )
        expect(list_.locator("#count")).to_have_text("1 sur 1 présents, machines : 0")
        expect(student.locator(".student-bar button")).to_have_text(["Votre nom", "Suivre", "Lever la main"])
        student.set_viewport_size({"width": 390, "height": 844})
        bar, frame = student.locator(".student-bar").bounding_box(), student.locator("iframe").bounding_box()
        assert bar and frame
        assert bar["x"] >= 0 and bar["x"] + bar["width"] <= 390 and bar["y"] + bar["height"] <= frame["y"]
        expect(student.locator(".student-bar option")).to_have_text(
            ["Non partagé", "Le formateur peut regarder", "Le formateur peut taper aussi"]
        )
        deck_frame(student).wait_for_selector("#one .take", state="attached")
        expect(student.frame_locator("iframe").locator("#one .take")).to_have_text("En direct")
        _takes_over(student)
        expect(student.locator(".live [role=status]")).to_have_text("En direct ; Ctrl+] revient aux diapositives")
        expect(list_.locator("#students td").nth(2)).to_have_text("en marche")
        student.locator(".student-bar select").select_option("look")
        list_.get_by_text("Regarder", exact=True).click()
        expect(list_.locator(".watch")).to_contain_text("Terminal : participant sans nom")
        student.set_viewport_size({"width": 1280, "height": 720})
        student.screenshot(path=tmp_path / "student.png")
        list_.screenshot(path=tmp_path / "list.png")
        student.get_by_text("Remettre", exact=True).click()
        expect(student.locator(".live")).to_have_count(0)
