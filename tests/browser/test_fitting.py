"""Terminals fit their slides in every theme: all rows of an output are seen, or its end, and no row is cut off."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from castdeck.render import ALIASES, known_themes, load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.seldom import PAGE
from tests.browser.test_deck import go_to, record, wait_for_state, wait_for_text
from tests.render.small_decks import make_deck, make_slide

pytestmark = pytest.mark.browser
THEMES = sorted(name for name in known_themes(()) if name not in ALIASES and not name.endswith("-night"))
COUNT = "\n".join(f"line {n} of fourteen" for n in range(1, 15)) + "\n"
SCREEN = "\x1b[?1049h\x1b[H\x1b[2J" + "".join(f"\x1b[{n};1Hrow {n} " for n in range(1, 25))
MANY = "\n".join(f"echo {n}" for n in range(1, 31))
RULER = "".join(f"{n:>10}" for n in range(10, 161, 10))
LONG = f"echo {' '.join(f'word{n}' for n in range(1, 22))}"
CASTS = {
    "fourteen-1": record(("count", COUNT), cols=80, rows=24),
    "sixty-1": record(("seq 60", "".join(f"{n}\n" for n in range(1, 61))), cols=80, rows=24),
    "whole-1": record(("top", SCREEN), cols=80, rows=24),
    "many-1": record(*((f"echo {n}", f"{n}\n") for n in range(1, 31)), cols=80, rows=24),
    "crowded-1": record(("seq 60", "".join(f"{n}\n" for n in range(1, 61))), cols=80, rows=24),
    "ruler-1": record(("ruler", f"{RULER}\n"), (LONG, f"{LONG[5:]}\n"), cols=160, rows=24),
    "beside-1": record(("docker run --rm --name a debian echo one two three", "one two three\n"), cols=80),
}
TEXT = "## A title\n\nA sentence that says what is seen below.\n\n```bash\n{}\n```\n"
BESIDE = (
    "## A title\n\n::: columns\n::: column\nWords\n:::\n::: column\n"
    "```bash\ndocker run --rm --name a debian echo one two three\n```\n:::\n:::\n"
)
CROWDED = "## A title\n\n" + "- A line of text\n" * 30 + "\n```bash\nseq 60\n```\n"
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='1200' height='300'/>"
SVG = base64.b64encode(DRAWING.encode()).decode()
PLAN = f'<p class="figure"><img src="data:image/svg+xml;base64,{SVG}" alt="A plan"></p>'
CLAUSES = ", and a clause that goes on".join(["A title"] * 6)
DECK = make_deck(
    make_slide(TEXT.format("count"), id="fourteen"),
    make_slide(TEXT.format("seq 60"), id="sixty"),
    make_slide(TEXT.format("top"), id="whole"),
    make_slide(TEXT.format(MANY), id="many"),
    make_slide(BESIDE, id="beside"),
    make_slide(CROWDED, id="crowded"),
    make_slide("## A title\n\nWords", id="plain"),
    make_slide(f"## A title {{.image-right}}\n\n{PLAN}\n\nWords", id="half"),
    make_slide(f"## A title\n\n{PLAN}\n\nWords", id="drawing"),
    make_slide(f"## {CLAUSES}\n\nWords", id="long"),
    make_slide(TEXT.format(f"ruler\n{LONG}"), id="ruler"),
)
SEEN = """(block) => {
  const frame = document.querySelector(`.terminal[data-block="${block}"]`);
  const screen = frame.querySelector(".screen").getBoundingClientRect();
  const lines = [...frame.querySelectorAll(".ap-line")].filter((line) => line.textContent.trim());
  const whole = lines.filter((line) => {
    const { top, bottom } = line.getBoundingClientRect();
    return top >= screen.top && bottom <= Math.min(innerHeight, screen.bottom) + 1;
  });
  return [lines.length, whole.map((line) => line.textContent.trim())];
}"""


LETTERS = """(slide) => [`#${slide} .terminal`, `#${slide} :is(p, li):not(.terminal *)`].map((selector) =>
  Math.min(...[...document.querySelectorAll(selector)].map((part) => parseFloat(getComputedStyle(part).fontSize))))"""


def written(folder: Path, theme: str) -> Path:
    loaded = load_theme(theme)
    return write_site(render_deck(DECK, CASTS, loaded), CASTS, loaded, folder / "public")


@pytest.fixture(
    scope="module",
    params=[name if name == "folio" else pytest.param(name, marks=PAGE) for name in THEMES],
)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp(request.param), request.param)


def lines_seen(page: Page, slide: str, last: str) -> list[str]:
    """The rows that are seen whole once all is played; none is cut off."""
    go_to(page, slide)
    page.keyboard.press("r")
    wait_for_state(page, f"{slide}-1", "ended")
    wait_for_text(page, f"{slide}-1", last)
    drawn, whole = page.evaluate(SEEN, f"{slide}-1")
    assert drawn == len(whole)
    return list(whole)


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=PAGE), (1024, 768)], ids=str)
def test_a_terminal_shows_all_rows_of_an_output_or_its_end(open_page: Open, index: Path, size: tuple[int, int]) -> None:
    page = open_page(index, width=size[0], height=size[1])
    counted = lines_seen(page, "fourteen", "line 14")
    assert [line for line in counted if line.startswith("line")] == COUNT.splitlines()
    drawn = lines_seen(page, "whole", "row 24")
    assert [" ".join(line.split()[:2]) for line in drawn] == [f"row {n}" for n in range(1, 25)]
    end = [line for line in lines_seen(page, "sixty", "60") if line.isdigit()]
    assert end == [str(n) for n in range(61 - len(end), 61)]
    assert len(end) >= 9


def test_all_commands_can_be_seen_before_they_are_played(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "many")
    commands = page.locator("#many .commands .line")
    expect(commands).to_have_count(30)
    assert float(commands.first.evaluate("line => parseFloat(getComputedStyle(line).fontSize)")) >= 18
    commands.first.hover()
    page.mouse.wheel(0, 5000)
    expect(commands.last).to_be_in_viewport()
    expect(commands.first).not_to_be_in_viewport()


def test_a_command_in_a_column_goes_on_in_the_next_row_before_a_word(open_page: Open, index: Path) -> None:
    page = open_page(index)
    shown = lines_seen(page, "beside", "one two three")
    assert shown[:2] == ["$ docker run --rm --name a debian", "echo one two three"]


def test_what_has_no_room_is_scrolled_to_in_letters_that_can_be_read(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "crowded")
    assert min(page.evaluate(LETTERS, "crowded")) >= 18
    expect(page.locator("#crowded .play")).not_to_be_in_viewport()
    page.mouse.move(640, 360)
    page.mouse.wheel(0, 5000)
    expect(page.locator("#crowded .play")).to_be_in_viewport()


def swipe(page: Page, selector: str, *, right: int = 0, down: int = 0) -> None:
    """Go over an element with a finger, so that what lies at its right or below comes into view."""
    box = page.locator(selector).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)
    for step in range(11):
        point = {"x": x - right * step / 10, "y": y - down * step / 10}
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove" if step else "touchStart", "touchPoints": [point]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_wide_terminal_is_panned_in_letters_that_can_be_read(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "ruler")
    assert page.evaluate(LETTERS, "ruler")[0] >= 18
    page.keyboard.press("r")
    wait_for_text(page, "ruler-1", "word21")
    screen = page.locator("#ruler .screen")
    end = "screen => Math.round(screen.scrollWidth - screen.clientWidth - screen.scrollLeft)"
    assert screen.evaluate(end) > 300
    screen.hover()
    page.mouse.wheel(5000, 0)
    expect(screen).to_have_js_property("scrollTop", 0)
    page.wait_for_function(f"() => ({end})(document.querySelector('#ruler .screen')) <= 1")


def test_the_end_of_a_long_line_stays_in_sight_while_it_is_typed(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "ruler")
    page.evaluate("window.furthest = 0")
    screen = page.locator("#ruler .screen")
    screen.evaluate(
        "(screen) => screen.addEventListener('scroll', () => (furthest = Math.max(furthest, screen.scrollLeft)))"
    )
    page.keyboard.press("e")
    wait_for_state(page, "ruler-1", "ended")
    expect(screen).to_have_js_property("scrollLeft", 0)
    assert page.evaluate("furthest") > 100


def test_a_finger_pans_a_wide_terminal_and_scrolls_a_full_slide(chromium: Browser, index: Path) -> None:
    context = chromium.new_context(viewport={"width": 1024, "height": 768}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{index.as_uri()}#/ruler")
    page.wait_for_selector(".reveal.ready")
    swipe(page, "#ruler .screen", right=200)
    assert page.locator("#ruler .screen").evaluate("screen => screen.scrollLeft") > 100
    assert page.evaluate("Reveal.getCurrentSlide().id") == "ruler"
    page.goto(f"{index.as_uri()}#/crowded")
    expect(page.locator("#crowded .body.over")).to_be_visible()
    swipe(page, "#crowded", down=300)
    assert page.locator("#crowded > .body").evaluate("body => body.scrollTop") > 100
    assert page.evaluate("Reveal.getCurrentSlide().id") == "crowded"
    context.close()


def test_a_phone_held_upright_has_letters_that_can_be_read_and_can_be_turned(chromium: Browser, index: Path) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{index.as_uri()}#/beside")
    page.wait_for_selector(".reveal.ready")
    for slide in ("beside", "fourteen", "ruler", "crowded", "whole"):
        go_to(page, slide)
        scale = page.evaluate("Reveal.getScale()")
        assert [letters * scale >= 14 for letters in page.evaluate(LETTERS, slide)] == [True, True], slide
    go_to(page, "beside")
    words, terminal = (page.locator(f"#beside {part}").first.bounding_box() for part in (".column", ".terminal"))
    assert words and terminal
    assert terminal["y"] >= words["y"] + words["height"]
    assert round(terminal["width"]) == 390
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("() => Reveal.getConfig().width === 1280 && Reveal.getConfig().height === 720")
    words, terminal = (page.locator(f"#beside {part}").first.bounding_box() for part in (".column", ".terminal"))
    assert words and terminal and terminal["x"] > words["x"] + words["width"]
    context.close()


def test_on_a_touch_screen_the_slides_number_stands_beside_the_arrows(chromium: Browser, index: Path) -> None:
    for width, height in ((1024, 768), (390, 844), (844, 390)):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, has_touch=True, is_mobile=True, reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{index.as_uri()}#/plain")
        page.wait_for_selector(".reveal.ready")
        number = page.locator(".slide-number").bounding_box()
        for arrow in page.locator(".controls .enabled").all():
            box = arrow.bounding_box()
            assert number and box and min(box["width"], box["height"]) >= 44
            assert box["x"] >= number["x"] + number["width"] or box["x"] + box["width"] <= number["x"]
        if width == 844:
            go_to(page, "fourteen")
            clock = page.locator("#fourteen .clock").bounding_box()
            left = page.locator(".navigate-left").bounding_box()
            assert clock and left and left["x"] + left["width"] <= clock["x"]
        context.close()


def test_a_drawing_is_as_wide_as_its_slide_and_never_cropped(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "drawing")
    expect(page.locator("#drawing img")).to_have_js_property("clientWidth", 1152)
    go_to(page, "half")
    expect(page.locator("#half img.whole")).to_have_css("object-fit", "contain")
    number, words = (page.locator(part).bounding_box() for part in (".slide-number", "#half p:not(.figure)"))
    assert number and words and number["x"] + number["width"] <= words["x"] + words["width"] + 1


def test_a_title_is_not_smaller_than_the_text_below_it(open_page: Open, index: Path) -> None:
    page = open_page(index)
    go_to(page, "long")
    title, text = (
        page.locator(f"#long {part}").evaluate("part => parseFloat(getComputedStyle(part).fontSize)")
        for part in ("h2", "p")
    )
    assert title >= text


def test_a_long_output_does_not_make_letters_small(open_page: Open, index: Path) -> None:
    page = open_page(index)
    for slide in ("fourteen", "sixty", "beside"):
        go_to(page, slide)
        assert min(page.evaluate(LETTERS, slide)) >= 18, slide


def test_terminals_of_contrast_are_no_smaller_than_others(open_page: Open, tmp_path: Path) -> None:
    sizes = {}
    for theme in ("folio", "contrast"):
        page = open_page(written(tmp_path / theme, theme))
        for slide in (each.id for each in DECK.slides):
            go_to(page, slide)
            sizes[theme, slide] = page.evaluate(LETTERS, slide)[0]
    assert [slide for theme, slide in sizes if sizes["contrast", slide] < sizes["folio", slide]] == []


def test_a_slide_is_fitted_again_when_a_font_has_come(open_page: Open, tmp_path: Path) -> None:
    page = open_page(written(tmp_path, "folio"))
    go_to(page, "fourteen")
    page.evaluate("document.fonts.ready")
    page.evaluate("document.querySelector('#fourteen .body').classList.add('short')")  # fitting takes it away
    page.evaluate("[...document.fonts].find((face) => face.status === 'unloaded').load()")
    expect(page.locator("#fourteen .body.short")).to_have_count(0)
