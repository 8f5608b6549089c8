"""What readers do with a deck: copy, read, search, change the speed, download, come back."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from castdeck.cast.model import parse_cast
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.seldom import PAGE
from tests.browser.test_deck import CASTS, LAST_LINE, current, go_to, index, make_deck, shown_text, wait_for_state

__all__ = ["index"]
pytestmark = pytest.mark.browser


def test_a_command_is_copied_without_prompt_and_output(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("x")
    page.click(".present .transcript li:nth-child(2) .copy")
    expect(page.locator(".present .transcript li:nth-child(2) .copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "docker ps"
    page.keyboard.press("x")
    page.hover(".present .terminal")
    page.click(".present .bar .copy")
    expect(page.locator(".present .bar .copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "docker run -d --name web nginx\ndocker ps"


def test_the_session_can_be_read_as_text(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    text = page.locator(".present .transcript")
    assert text.locator("pre").last.text_content() == "\n".join(
        line for line in CASTS["run-1"].events[-1].data.split("\r\n")[:-1]
    )
    expect(page.locator(".present button.text")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("x")
    expect(text).to_be_focused()
    page.keyboard.press("PageDown")
    assert current(page) == "run"
    page.keyboard.press("Escape")
    expect(text).to_have_attribute("hidden", "until-found")


def test_the_browsers_search_finds_what_a_command_printed(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.evaluate(
        "document.querySelector('.present .transcript').dispatchEvent(new Event('beforematch', {bubbles: true}))"
    )
    expect(page.locator(".present .transcript")).not_to_have_attribute("hidden", "until-found")


def test_finding_words_counts_the_hits_goes_on_and_back_and_opens_the_text(open_page: Open, index: Path) -> None:
    page = open_page(index)
    page.keyboard.press("Control+Shift+F")
    page.keyboard.type("docker")
    hits = page.locator(".find .hits")
    expect(hits).to_have_text(re.compile(r"^1 / \d+$"))
    page.keyboard.type("zzz")
    expect(hits).to_have_text("not found")
    assert page.evaluate("CSS.highlights.size") == 0
    page.fill(".find input", "docker")
    expect(hits).to_have_text(re.compile(r"^1 / \d+$"))
    many = int((hits.text_content() or "").split("/")[1])
    assert many > 2
    page.keyboard.press("Enter")
    expect(hits).to_have_text(f"2 / {many}")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Shift+Enter")
    expect(hits).to_have_text(f"{many} / {many}")
    page.click(".find button[aria-label='Next hit']")
    expect(hits).to_have_text(f"1 / {many}")
    page.fill(".find input", "entrypoint")
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'run'")
    expect(page.locator(".present .transcript")).not_to_have_attribute("hidden", "until-found")
    assert page.evaluate("[...CSS.highlights.get('castdeck-found')].join()").lower() == "entrypoint"
    page.keyboard.press("Escape")
    expect(page.locator(".find")).to_be_hidden()
    expect(page.locator(".present .transcript")).not_to_have_attribute("hidden", "until-found")
    page.focus(".present .transcript")
    page.keyboard.press("Escape")
    expect(page.locator(".present .transcript")).to_have_attribute("hidden", "until-found")
    page.keyboard.press("/")
    page.fill(".find input", "no such word")
    expect(hits).to_have_text("not found")


def test_the_speed_changes_while_it_plays(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.hover(".present .terminal")
    page.click(".present .speed")
    expect(page.locator(".present .speed")).to_have_text("1.5×")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    page.keyboard.press("ArrowRight")
    page.click(".present .speed")
    wait_for_state(page, "run-1", "ended")
    assert current(page) == "run"


@PAGE
def test_the_recording_can_be_downloaded(open_page: Open, index: Path, tmp_path: Path) -> None:
    page = open_page(index, "#/run")
    page.hover(".present .terminal")
    with page.expect_download() as download:
        page.click(".present .save")
    assert download.value.suggested_filename == "run-1.cast"
    download.value.save_as(tmp_path / "saved.cast")
    saved = parse_cast((tmp_path / "saved.cast").read_text())
    assert [event[1:] for event in saved.events] == [event[1:] for event in CASTS["run-1"].events]


def test_readers_are_offered_the_place_where_they_were(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "run")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    page.goto("about:blank")
    page.goto(index.as_uri())
    page.click("text=Continue at “Start a server”")
    assert current(page) == "run"
    wait_for_state(page, "run-1", "paused")
    assert page.locator(".resume").count() == 0


@PAGE
@pytest.mark.parametrize("index", [{"resume": False}], indirect=True)
def test_a_deck_can_keep_quiet_about_where_readers_were(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "run")
    page.goto("about:blank")
    page.goto(index.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    assert page.locator(".resume").count() == 0


def test_whoever_wants_no_motion_sees_each_commands_end_at_once(open_page: Open, index: Path) -> None:
    page = open_page(index)
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{index.as_uri()}#/run")
    page.reload()
    wait_for_state(page, "run-1", "code")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute('[data-block="run-1"]', "data-state") == "paused"
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    page.locator(".present .ap-term", has_text=LAST_LINE).wait_for()


def test_what_a_step_shows_is_announced(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".aria-status")).to_contain_text("docker run -d --name web nginx")
    expect(page.locator(".aria-status")).to_contain_text("5f70bf18a086007016e948")


def test_a_reader_types_the_next_command_and_sees_what_it_printed(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("y")
    line = page.locator(".present .typed-along input")
    expect(line).to_be_focused()
    expect(page.locator(".present .commands")).to_have_css("visibility", "hidden")
    for key in "dx":
        page.keyboard.press(key)
    expect(line).to_have_value("d")
    page.keyboard.press("q")
    page.keyboard.press("q")
    expect(page.locator(".present .typed-along output")).to_have_text("Next: ocker (Tab types it)")
    page.keyboard.press("Tab")
    expect(line).to_have_value("docker")
    page.keyboard.type(" run -d --name web ngin")
    page.keyboard.press("Enter")
    wait_for_state(page, "run-1", "code")
    page.keyboard.type("x")
    page.keyboard.press("Enter")
    wait_for_state(page, "run-1", "paused")
    assert "5f70bf18a086007016e948" in shown_text(page, "run-1")
    expect(line).to_be_focused()
    expect(line).to_have_value("")
    page.keyboard.type("docker ps")
    page.keyboard.press("Enter")
    wait_for_state(page, "run-1", "ended")
    expect(line).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => Reveal.getCurrentSlide().id !== 'run'")


@PAGE
def test_a_deck_can_ask_readers_to_type_and_escape_leaves_it(open_page: Open, tmp_path: Path) -> None:
    deck, theme = make_deck(tmp_path, play="type"), load_theme()
    page = open_page(write_site(render_deck(deck, CASTS, theme), CASTS, theme, tmp_path / "public"), "#/run")
    line = page.locator(".present .typed-along input")
    expect(line).to_be_focused()
    page.keyboard.press("Escape")
    expect(line).to_have_count(0)
    assert not page.evaluate("Reveal.isOverview()")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
