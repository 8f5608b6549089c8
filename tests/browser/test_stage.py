"""What a room needs: the time bar, black and white, larger terminals, pointer, spotlight and pen."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event
from castdeck.cast.proof import Proof
from castdeck.cast.recording import recording
from castdeck.deck import parse_deck
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.seldom import PAGE
from tests.browser.test_deck import CASTS, current, go_to, index, make_deck, shown_text, wait_for_state, wait_for_text

__all__ = ["index"]
pytestmark = pytest.mark.browser
TERMINAL = ".present .terminal"


def size_of(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('.present .commands')).fontSize)"))


def test_what_is_still_to_come_waits_at_the_foot_of_the_terminal(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    takes = "[...document.querySelectorAll('.present .line[data-takes]')].map((line) => line.dataset.takes)"
    assert re.fullmatch(r"0:\d\d 0:\d\d", " ".join(page.evaluate(takes)))
    expect(page.locator(f"{TERMINAL} .waiting")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{TERMINAL} .waiting li")).to_have_text(["docker ps"])
    wait_for_state(page, "run-1", "paused")
    expect(page.locator(f"{TERMINAL} .waiting li")).to_have_text(["docker ps"])
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"{TERMINAL} .waiting")).to_have_count(0)


@PAGE
def test_the_time_bar_has_a_dot_for_each_command_which_shows_it_and_goes_there(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    expect(page.locator(f"{TERMINAL} .dot")).to_have_count(2)
    page.hover(f"{TERMINAL} .dot >> nth=1")
    expect(page.locator(f"{TERMINAL} .glance pre")).to_contain_text("docker ps")
    page.mouse.move(5, 5)
    expect(page.locator(f"{TERMINAL} .glance")).to_have_count(0)
    page.click(f"{TERMINAL} .dot >> nth=1")
    wait_for_state(page, "run-1", "ended")
    expect(page.locator(f"{TERMINAL} .dot.past")).to_have_count(2)
    page.click(f"{TERMINAL} .dot >> nth=0")
    wait_for_state(page, "run-1", "paused")
    wait_for_text(page, "run-1", "docker run", without="docker ps")


@PAGE
def test_a_click_on_the_terminal_plays_and_holds(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    states = page.evaluate(
        """() => [1, 2, 3].map(() => {
          document.querySelector(".present .screen").click();
          return document.querySelector(".present .terminal").dataset.state;
        })"""
    )
    assert states == ["playing", "paused", "playing"]


def test_the_lines_that_matter_stand_out_once_a_command_has_ended(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.evaluate("() => (document.querySelector('.present .terminal').dataset.focus = 'web|CONTAINER')")
    page.keyboard.press("r")
    wait_for_state(page, "run-1", "ended")
    expect(page.locator(f"{TERMINAL}.focused .ap-line.hit").first).to_be_visible()
    hits = page.locator(f"{TERMINAL} .ap-line.hit").all_text_contents()
    assert all("web" in hit or "CONTAINER" in hit for hit in hits)
    assert not any("docker ps" in hit for hit in hits)
    page.evaluate("""() => {
      window.hits = []; // while it plays, which may be over before the test looks again
      const frame = document.querySelector('.present .terminal');
      const look = () => frame.dataset.state === "playing" && hits.push(frame.querySelectorAll(".ap-line.hit").length);
      new MutationObserver(look).observe(frame, { subtree: true, childList: true, attributes: true });
    }""")
    page.keyboard.press("c")
    page.wait_for_function("window.hits.length > 0")
    wait_for_state(page, "run-1", "ended")
    assert page.evaluate("hits.includes(0)")


def test_the_command_on_the_screen_is_bold_what_is_past_is_dim_and_a_bar_marks_what_is_now(
    open_page: Open, index: Path
) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("e")
    wait_for_state(page, "run-1", "ended")
    wait_for_text(page, "run-1", "docker ps")
    bold = page.locator(f"{TERMINAL} .ap-bold")
    expect(bold.first).to_contain_text("docker ps")
    assert "docker run" in shown_text(page, "run-1")
    expect(page.locator(f"{TERMINAL} .now")).to_be_visible()


@PAGE
def test_r_skips_the_rest_and_c_plays_the_command_again(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("r")
    wait_for_state(page, "run-1", "ended")
    page.keyboard.press("c")
    wait_for_state(page, "run-1", "playing")
    wait_for_state(page, "run-1", "ended")
    page.keyboard.press("ArrowRight")
    assert current(page) == "after"


def test_plus_and_minus_change_a_terminals_letters_and_z_fills_the_screen_with_it(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    before = size_of(page)
    page.keyboard.press("+")
    assert size_of(page) > before
    page.keyboard.press("-")
    assert size_of(page) == pytest.approx(before)
    page.keyboard.press("z")
    expect(page.locator(".present h2, .present h1").first).to_be_hidden()
    box = page.locator(TERMINAL).bounding_box()
    assert box and box["y"] < 2 and box["height"] > 700
    page.keyboard.press("z")
    expect(page.locator(".present h2, .present h1").first).to_be_visible()


@pytest.mark.parametrize(
    ("key", "colour"), [("b", "rgb(0, 0, 0)"), pytest.param("w", "rgb(255, 255, 255)", marks=PAGE)]
)
def test_a_dark_or_white_screen_holds_the_terminal_and_any_key_wakes_it(
    open_page: Open, index: Path, key: str, colour: str
) -> None:
    page = open_page(index, "#/run")
    states = page.evaluate(
        """code => {
          window.states = [];
          document.addEventListener("castdeck:terminal", ({detail}) => states.push(detail.terminal.state));
          Reveal.triggerKey(84);
          Reveal.triggerKey(code);
          return states;
        }""",
        ord(key.upper()),
    )
    assert states == ["playing", "paused"]
    expect(page.locator(".pause-overlay")).to_have_css("background-color", colour)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => !Reveal.isPaused() && states[2] === 'playing'")
    assert current(page) == "run"


def test_pointer_spotlight_and_pen_and_a_drawing_stays_on_its_slide(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    viewport = page.locator(".reveal-viewport")
    for key, tool in (("a", "pointer"), ("i", "spotlight"), ("d", "pen")):
        page.keyboard.press(key)
        expect(viewport).to_have_attribute("data-tool", tool)
    page.mouse.move(200, 300)
    page.mouse.down()
    page.mouse.move(300, 350, steps=4)
    page.mouse.up()
    expect(page.locator(".present > .ink polyline")).to_have_count(1)
    page.keyboard.press("d")
    assert viewport.get_attribute("data-tool") is None
    go_to(page, "after")
    expect(page.locator(".present > .ink")).to_have_count(0)
    go_to(page, "run")
    expect(page.locator(".present > .ink polyline")).to_have_count(1)
    page.keyboard.press("u")
    expect(page.locator(".present > .ink")).to_have_count(0)


@PAGE
@pytest.mark.parametrize("index", [{"lang": "fr"}], indirect=True)
def test_the_page_speaks_the_decks_language(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    expect(page.locator(f"{TERMINAL} .bar .copy")).to_have_text("Copier")
    page.keyboard.press("x")
    expect(page.locator(f"{TERMINAL} .bar .text")).to_have_text("Fermer")
    page.keyboard.press("Control+Shift+F")
    expect(page.get_by_placeholder("Chercher")).to_be_visible()


@PAGE
@pytest.mark.parametrize("index", [{"footer": "Two days in Lyon", "author": "Ada", "date": "2026"}], indirect=True)
def test_the_front_matter_gives_the_footer_and_the_covers_last_line(open_page: Open, index: Path) -> None:
    page = open_page(index)
    expect(page.locator(".present.cover .byline")).to_have_text("Ada2026")
    expect(page.locator(".foot")).to_be_hidden()
    go_to(page, "after")
    expect(page.locator(".foot")).to_have_text("Two days in Lyon")


@PAGE
def test_on_a_phone_the_text_opens_and_closes_by_touch_and_the_handout_is_offered(
    chromium: Browser, index: Path
) -> None:
    page = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).new_page()
    page.goto(f"{index.as_uri()}#/run")
    page.wait_for_selector(".reveal.ready")
    button = page.locator(f"{TERMINAL} .bar .text")
    box = button.bounding_box()
    assert box and min(box["width"], box["height"]) > 43.9
    bar = page.locator(f"{TERMINAL} .bar")
    expect(bar.locator(".who")).to_be_hidden()  # there is room for a few letters of it
    for part in bar.locator("> :visible").all():
        assert part.evaluate("one => one.scrollWidth <= one.clientWidth")
    button.tap()
    transcript = page.locator(f"{TERMINAL} .transcript")
    expect(transcript).not_to_have_attribute("hidden", "until-found")
    assert (
        page.evaluate(
            "() => parseFloat(getComputedStyle(document.querySelector('.present .transcript')).fontSize)"
            " * Reveal.getScale()"
        )
        >= 14
    )
    box = transcript.locator(".copy").first.bounding_box()
    assert box and min(box["width"], box["height"]) > 43.9
    button.tap()
    expect(transcript).to_have_attribute("hidden", "until-found")
    expect(page.locator(".as-page")).to_have_attribute("href", "handout.html#run")
    page.context.close()


@PAGE
def test_the_browsers_key_for_printing_prints_a_page_for_each_slide(chromium: Browser, index: Path) -> None:
    context = chromium.new_context()
    context.add_init_script("window.print = () => (document.documentElement.dataset.sent = 'printer')")
    page = context.new_page()
    page.goto(f"{index.as_uri()}#/run")
    page.wait_for_selector(".reveal.ready")
    with page.expect_popup() as popup:
        page.keyboard.press("Control+p")
    popup.value.wait_for_selector('html[data-castdeck="printed"][data-sent="printer"]')
    assert popup.value.locator(".pdf-page").count() == page.evaluate("Reveal.getTotalSlides()")
    context.close()


def test_a_number_or_words_go_to_a_slide_and_titles_come_first(open_page: Open, index: Path) -> None:
    page = open_page(index)
    page.keyboard.type("3")
    expect(page.locator(".goto button")).to_have_text("3 After")
    page.keyboard.press("Enter")
    assert current(page) == "after"
    page.keyboard.press("g")
    page.keyboard.type("steps")
    expect(page.locator(".goto button").first).to_have_text("4 Steps")
    page.fill(".goto input", "detaches")
    expect(page.locator(".goto button")).to_have_text("2 Start a server")
    page.fill(".goto input", "")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert current(page) == "run"
    page.keyboard.press("g")
    page.keyboard.press("Escape")
    expect(page.locator(".goto")).to_be_hidden()
    assert not page.evaluate("Reveal.isOverview()")


@PAGE
def test_a_mark_tells_that_a_terminal_really_ran_and_opens(open_page: Open, tmp_path: Path) -> None:
    proof = Proof("2026-11-12", "docker", {"qemu": "7.2"}, (0, 0), 2.5, date.today().isoformat())
    theme = load_theme()
    rendered = render_deck(make_deck(tmp_path), CASTS, theme, proofs={"run-1": proof})
    page = open_page(write_site(rendered, CASTS, theme, tmp_path / "public"), "#/run")
    mark = page.locator(".present .proof")
    expect(mark).to_have_text("recorded Nov 12, 2026 · docker · verified today")
    mark.click()
    expect(page.locator(".proof-card dd")).to_have_text(
        ["Nov 12, 2026, in 2.5 s", "docker", "qemu 7.2", "0 0", "today"]
    )
    expect(page.locator('.terminal[data-block="run-1"]')).to_have_attribute("data-state", "code")
    page.keyboard.press("Escape")
    expect(page.locator(".proof-card")).to_have_count(0)
    assert not page.evaluate("Reveal.isOverview()")


@PAGE
def test_focus_as_it_is_written_in_markdown_marks_the_lines_of_the_output(open_page: Open, tmp_path: Path) -> None:
    text = '# One\n\n```bash {focus="b.*2"}\nls\n```\n\n---\n\n# Two\n\n```bash {focus="1,3"}\nls\n```\n'
    deck = parse_deck(text, tmp_path / "deck.md")
    output = (Event(0.1, "o", "a 1\r\nb 2\r\nc 3\r\n"),)
    cast = recording(RecordedSession((RecordedCommand("$ ", ("ls\r\n",), output, 0.2, 0),), "$ "), 40, 10)
    casts = {block.name: cast for block in deck.blocks}
    theme = load_theme()
    page = open_page(write_site(render_deck(deck, casts, theme), casts, theme, tmp_path / "public"))
    for slide, hits in (("one", ["b 2"]), ("two", ["a 1", "c 3"])):
        go_to(page, slide)
        page.keyboard.press("e")
        wait_for_state(page, f"{slide}-1", "ended")
        shown = page.locator(f'.terminal[data-block="{slide}-1"].focused .ap-line.hit')
        expect(shown).to_have_text([re.compile(hit) for hit in hits])


def test_all_slides_stand_in_a_grid_in_which_keys_walk(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    slides = page.evaluate("Reveal.getSlides().map((slide) => slide.id)")
    page.keyboard.press("o")
    tiles = page.locator(".overview-grid .tile")
    expect(tiles).to_have_count(len(slides))
    expect(tiles.nth(slides.index("run"))).to_be_focused()
    expect(page.locator(".overview-grid .tile:focus .below i.played")).to_have_count(1)
    expect(page.locator(".overview-grid .tile:focus .picture section")).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".overview-grid")).to_have_count(0)
    assert current(page) == slides[1]
    page.keyboard.press("Escape")
    expect(page.locator(".overview-grid")).to_be_visible()
    tiles.last.click()
    assert current(page) == slides[-1]
    page.keyboard.press("o")
    page.keyboard.press("Escape")
    expect(page.locator(".overview-grid")).to_have_count(0)


def test_all_keys_are_listed_in_the_decks_language_and_any_key_puts_them_away(open_page: Open, tmp_path: Path) -> None:
    theme = load_theme()
    rendered = render_deck(make_deck(tmp_path, lang="fr"), CASTS, theme)
    page = open_page(write_site(rendered, CASTS, theme, tmp_path / "public"), "#/run")
    page.keyboard.press("Shift+?")
    expect(page.locator(".keys")).to_have_attribute("aria-label", "Touches")
    expect(page.locator(".keys")).to_contain_text("Commande, étape ou diapositive suivante")
    box = page.locator(".keys dl").bounding_box()
    assert box and box["height"] < 720
    page.keyboard.press("ArrowRight")
    expect(page.locator(".keys")).to_have_count(0)
    assert page.evaluate("document.querySelector('.present .terminal').dataset.state") == "code"
    expect(page.locator(".find")).to_be_hidden()


def test_a_full_stop_blackens_the_screen_and_the_mouse_wheel_turns_no_slide(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press(".")
    assert page.evaluate("Reveal.isPaused()")
    page.keyboard.press(".")
    assert not page.evaluate("Reveal.isPaused()")
    page.mouse.move(640, 100)
    page.mouse.wheel(0, 600)
    page.evaluate("new Promise(requestAnimationFrame)")
    assert current(page) == "run"


@PAGE
def test_sections_are_numbered_where_there_are_several(open_page: Open, tmp_path: Path) -> None:
    text = "# Cover\n\nWords\n\n---\n\n# First\n\n---\n\n# Second\n"
    theme = load_theme()
    page = open_page(
        write_site(render_deck(parse_deck(text, tmp_path / "deck.md"), {}, theme), {}, theme, tmp_path / "out")
    )
    shown = "section => getComputedStyle(section.querySelector('.body'), '::before').content"
    assert '"2"' in page.locator("#second").evaluate(shown)
    assert page.locator(".body[data-number]").count() == 2


@PAGE
def test_wide_code_ends_at_the_slides_margin_and_wraps_in_letters_that_can_be_read(
    open_page: Open, tmp_path: Path
) -> None:
    text = "".join(
        f"# {title}\n\n```text\n{'m' * length}\n```\n\n---\n\n" for title, length in (("Wide", 82), ("Wider", 200))
    )
    theme = load_theme()
    page = open_page(
        write_site(render_deck(parse_deck(text, tmp_path / "deck.md"), {}, theme), {}, theme, tmp_path / "out")
    )
    measured = """() => {
      const code = document.querySelector(".present .code");
      const range = document.createRange();
      range.selectNodeContents(code.querySelector(".line"));
      return [range.getBoundingClientRect().right, parseFloat(getComputedStyle(code).fontSize)];
    }"""
    for slide in ("wide", "wider"):
        go_to(page, slide)
        right, letters = page.evaluate(measured)
        assert right <= 1280 - 64 + 1
        assert letters >= 22
