"""A built deck, opened from the disk: nothing is served, nothing may be fetched."""

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from castdeck.cast.model import Cast, Event
from castdeck.deck.model import Deck, Slide
from castdeck.render import load_theme, render_deck, write_site
from tests.browser.seldom import PAGE
from tests.render.small_decks import make_slide

pytestmark = pytest.mark.browser

PROMPT = "\x1b[1;32mstudent@docker\x1b[0m:\x1b[1;34m~\x1b[0m$ "
LAST_LINE = '5f70bf18a086   nginx     "/docker-entrypoint.…"   2 seconds ago   Up 1 second   80/tcp    web'
SESSION = (
    (
        "docker run -d --name web nginx",
        "\x1b[33m5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef\x1b[0m\n",
    ),
    (
        "docker ps",
        f"CONTAINER ID   IMAGE     COMMAND                  CREATED         STATUS        PORTS     NAMES\n"
        f"{LAST_LINE}\n",
    ),
)
SECONDS_A_KEY = 0.01
Open = Callable[..., Page]


def record(*session: tuple[str, str], cols: int = 100, rows: int = 30) -> Cast:
    """A cast of commands and their output: a marker at each command, one event for each key."""
    time = 0.05
    events = [Event(0.0, "o", PROMPT)]
    for command, output in session:
        events.append(Event(time, "m", command))
        for key in command:
            time += SECONDS_A_KEY
            events.append(Event(time, "o", key))
        events.append(Event(time + 0.05, "o", "\r\n"))
        time += 0.2
        events.append(Event(time, "o", output.replace("\n", "\r\n") + PROMPT))
        time += 0.1
    return Cast(cols, rows, tuple(events))


def slide(id: str, text: str, notes: str = "") -> Slide:
    return make_slide(text, id=id, notes=notes)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = zlib.compress((b"\0" + b"\x40\x80\xc0" * width) * height)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


FENCE = "```bash\n" + "\n".join(command for command, _ in SESSION) + "\n```\n"
MANY_LINES = "\n".join(f"- point {n}, " + "and then some words more, " * 5 for n in range(20))
BROAD = "docker run " + "--env VARIABLE=value " * 8 + "debian"
CASTS = {
    "run-1": record(*SESSION),
    "steps-1": record(("echo one", "one\n")),
    "broad-1": record((BROAD, "done\n")),
    "long-1": record(("seq 60", "".join(f"{n}\n" for n in range(1, 61)))),
}
SLIDES = (
    slide("title", "# Containers\n\nA course of two days"),
    slide("run", f"## Start a server\n\n- `-d` detaches\n\n{FENCE}", notes="Wait for questions."),
    slide("after", "## After\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    slide("steps", "## Steps\n\nfirst\n\n--\n\n```bash\necho one\n```\n"),
    slide("lines", "## Lines\n\n```python [1|2-3]\na = 1\nb = 2\nc = 3\n```\n"),
    slide("much", f"## Much\n\n{MANY_LINES}"),
    slide("long", "## Long\n\nWords above.\n\n```bash\nseq 60\n```\n"),
    slide("broad", f"## Broad\n\n```bash\n{BROAD}\n```\n"),
    slide("wide", "## Wide\n\n```c\n" + "int wide = 1; " * 20 + "\n```\n"),
    slide("image", "## Image\n\nabove\n\n![big](big%20picture.png)\n\nbelow"),
    slide("gone", "## Gone\n\n![gone](gone.png)"),
)


@pytest.fixture
def index(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The deck, built in a folder with a space and an accent in its name."""
    folder = tmp_path / "un été"
    folder.mkdir()
    (folder / "big picture.png").write_bytes(png(1600, 1200))
    theme = load_theme()
    deck = make_deck(folder, **getattr(request, "param", {}))
    return write_site(render_deck(deck, CASTS, theme), CASTS, theme, folder / "public")


def make_deck(folder: Path, **settings: object) -> Deck:
    return Deck(folder / "deck.md", "Containers", SLIDES, settings)


def go_to(page: Page, slide_id: str) -> None:
    page.evaluate(
        """id => { const {h, v} = Reveal.getIndices(document.getElementById(id)); Reveal.slide(h, v); }""", slide_id
    )
    page.wait_for_function("id => Reveal.getCurrentSlide().id === id", arg=slide_id)


def wait_for_state(page: Page, block: str, state: str) -> None:
    page.wait_for_selector(f'.terminal[data-block="{block}"][data-state="{state}"]')


def shown_text(page: Page, block: str) -> str:
    lines = page.locator(f'.terminal[data-block="{block}"] .ap-line').all()
    return "\n".join((line.text_content() or "").rstrip() for line in lines)


def wait_for_text(page: Page, block: str, text: str = "", *, without: str = "\0") -> None:
    """Wait until the player shows one text and not the other."""
    page.wait_for_function(
        """([block, text, without]) => {
          const shown = [...document.querySelectorAll(`.terminal[data-block="${block}"] .ap-line`)];
          const all = shown.map(line => line.textContent).join("\\n");
          return all.includes(text) && !all.includes(without);
        }""",
        arg=[block, text, without],
    )


def swipe(page: Page) -> None:
    """A finger moves to the left."""
    devtools = page.context.new_cdp_session(page)
    for kind, x in (("touchStart", 900), ("touchMove", 700), ("touchMove", 500), ("touchEnd", None)):
        points = [] if x is None else [{"x": x, "y": 650}]
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def current(page: Page) -> str:
    return str(page.evaluate("Reveal.getCurrentSlide().id"))


def test_each_press_of_the_next_key_plays_one_command_then_the_deck_goes_on(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    wait_for_state(page, "run-1", "code")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    assert "5f70bf18a086007016e948" in shown_text(page, "run-1")
    assert "docker ps" not in shown_text(page, "run-1")
    assert page.text_content(".present .count") == "1 / 2"
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    assert LAST_LINE in shown_text(page, "run-1")
    assert page.text_content(".present .count") == "2 / 2"
    assert current(page) == "run"
    page.keyboard.press("ArrowRight")
    assert current(page) == "after"


def test_the_next_key_while_a_command_plays_shows_its_end_at_once(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    wait_for_state(page, "run-1", "paused")
    assert "docker ps" not in shown_text(page, "run-1")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    wait_for_state(page, "run-1", "ended")
    assert LAST_LINE in shown_text(page, "run-1")
    page.keyboard.press("PageDown")
    assert current(page) == "after"


def test_back_takes_a_command_back_at_once(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    page.keyboard.press("ArrowLeft")
    wait_for_text(page, "run-1", without="docker ps")
    assert page.text_content(".present .count") == "1 / 2"
    page.keyboard.press("PageUp")
    wait_for_state(page, "run-1", "code")
    assert page.locator(".present .commands").is_visible()
    page.keyboard.press("ArrowLeft")
    assert current(page) == "title"


def test_leaving_stops_and_coming_back_shows_what_was_there(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "playing")
    go_to(page, "long")
    page.wait_for_function("document.querySelector('.terminal[data-block=run-1]').dataset.state === 'paused'")
    go_to(page, "run")
    wait_for_state(page, "run-1", "paused")
    wait_for_text(page, "run-1", "5f70bf18a086007016e948", without="docker ps")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    page.keyboard.press("Home")
    go_to(page, "run")
    wait_for_state(page, "run-1", "code")


def test_the_address_names_the_slide_and_the_command(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/index.html#/run/0")
    page.reload()
    wait_for_state(page, "run-1", "paused")
    wait_for_text(page, "run-1", "5f70bf18a086007016e948", without="docker ps")


def test_one_key_holds_and_goes_on_and_one_plays_all(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.evaluate("Reveal.triggerKey(84), Reveal.triggerKey(84)")  # t and t, before the command can end
    wait_for_state(page, "run-1", "paused")
    assert "5f70bf18a086007016e948" not in shown_text(page, "run-1")
    page.keyboard.press("t")
    wait_for_text(page, "run-1", "5f70bf18a086007016e948", without="docker ps")
    page.keyboard.press("e")
    wait_for_state(page, "run-1", "ended")
    assert LAST_LINE in shown_text(page, "run-1")
    assert current(page) == "run"


def test_a_clicker_a_finger_and_the_arrows_on_the_screen_do_the_same(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.keyboard.press("PageDown")
    wait_for_state(page, "run-1", "paused")
    wait_for_text(page, "run-1", "5f70bf18a086007016e948", without="docker ps")
    page.click(".navigate-right")
    wait_for_state(page, "run-1", "ended")
    swipe(page)
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'after'")
    page.click(".navigate-left")
    page.wait_for_function("() => Reveal.getCurrentSlide().id === 'run'")
    wait_for_text(page, "run-1", "docker ps")
    page.click(".navigate-left")
    wait_for_text(page, "run-1", without="docker ps")


@PAGE
def test_a_click_plays_and_leaves_the_keys_to_the_deck(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.click(".present .play")
    wait_for_state(page, "run-1", "paused")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "ended")
    page.keyboard.press("ArrowRight")
    assert current(page) == "after"


def test_a_terminal_in_a_step_plays_after_it_is_revealed(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/steps")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(".present .step.visible")
    wait_for_state(page, "steps-1", "code")
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "steps-1", "ended")


def test_line_highlights_go_on_with_the_keys(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/lines")
    marked = page.locator(".present .line.marked")
    expect(marked).to_have_text(["a = 1"])
    page.keyboard.press("ArrowRight")
    expect(marked).to_have_text(["b = 2", "c = 3"])
    page.keyboard.press("ArrowLeft")
    expect(marked).to_have_text(["a = 1"])


@pytest.mark.parametrize("index", [{"play": "auto"}], indirect=True)
def test_play_auto_needs_no_key_and_leaves_all_keys_alone(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    wait_for_state(page, "run-1", "ended")
    assert LAST_LINE in shown_text(page, "run-1")
    page.keyboard.press("ArrowRight")
    assert current(page) == "after"


@PAGE
@pytest.mark.parametrize("index", [{"play": "manual"}], indirect=True)
def test_play_manual_plays_the_whole_recording_on_a_click(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    page.click(".present .play")
    wait_for_state(page, "run-1", "ended")


OVERFLOW = """id => {
  const section = document.getElementById(id), frame = section.getBoundingClientRect(), out = [];
  const body = section.querySelector(":scope > .body");
  const isScrolled = body.scrollHeight > body.clientHeight + 1 && getComputedStyle(body).overflowY === "auto";
  const bottom = isScrolled ? Infinity : frame.bottom + 1;
  for (const element of section.querySelectorAll(".body *")) {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (element.closest("[hidden], .player, script, .notes") || style.visibility === "hidden" || !box.width) continue;
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < -1 || box.bottom > bottom)
      out.push(`${element.tagName}.${element.className}: ${JSON.stringify(box)}`);
  }
  for (const pre of section.querySelectorAll("pre.code, .commands"))
    if (pre.scrollWidth > pre.clientWidth + 1) out.push(`${pre.className} hides text`);
  return out;
}"""


@pytest.mark.parametrize(
    "size", [(1280, 720), pytest.param((1920, 1080), marks=PAGE), pytest.param((1024, 768), marks=PAGE)]
)
def test_nothing_is_cut_off_or_hangs_over_the_edge(open_page: Open, index: Path, size: tuple[int, int]) -> None:
    page = open_page(index, width=size[0], height=size[1])
    for one in SLIDES:
        go_to(page, one.id)
        page.wait_for_function("[...Reveal.getCurrentSlide().querySelectorAll('img')].every(image => image.complete)")
        page.evaluate("new Promise(requestAnimationFrame)")
        assert page.evaluate(OVERFLOW, one.id) == [], one.id


def test_the_terminal_keeps_its_place_and_size_when_it_is_played(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/run")
    box = "JSON.stringify(document.querySelector('.present .terminal').getBoundingClientRect())"
    before = page.evaluate(box)
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "run-1", "paused")
    assert page.evaluate(box) == before
    player = page.locator(".present .ap-term").bounding_box()
    screen = page.locator(".present .screen").bounding_box()
    assert player and screen
    assert player["width"] <= screen["width"]
    assert player["height"] <= screen["height"]
    line, typed = (
        page.locator(".present .commands code").bounding_box(),
        page.locator(".present .ap-line").first.bounding_box(),
    )
    assert line and typed
    assert (abs(line["x"] - typed["x"]), abs(line["y"] - typed["y"])) < (1, 2)


def test_a_command_that_is_longer_than_the_terminal_wraps_as_it_does_there(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/broad")
    poster = page.locator(".present .commands")
    assert page.evaluate("pre => pre.scrollWidth - pre.clientWidth", poster.element_handle()) <= 1
    height = page.evaluate("code => code.getBoundingClientRect().height", poster.locator("code").element_handle())
    page.keyboard.press("ArrowRight")
    wait_for_state(page, "broad-1", "ended")
    rows = [line for line in shown_text(page, "broad-1").splitlines() if line]
    line = page.locator(".present .ap-line").first.bounding_box()
    assert line and round(height / line["height"]) == len(rows) - 2


def test_a_missing_image_is_visible(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/gone")
    assert page.text_content(".present .missing-image") == "gone.png"


def test_printing_shows_every_slide_and_the_last_screens(open_page: Open, index: Path) -> None:
    page = open_page(index, "?print-pdf")
    page.wait_for_selector(".pdf-page:nth-child(2) .last-screen")
    assert LAST_LINE in (page.text_content('[data-block="run-1"] .last-screen') or "")
    assert page.locator('[data-block="run-1"] .last-screen').is_visible()


@PAGE
def test_the_embedded_cast_is_the_recording(open_page: Open, index: Path) -> None:
    page = open_page(index)
    data = json.loads(page.text_content('[data-block="run-1"] script') or "")
    assert data[0] == {"version": 2, "width": 100, "height": 30}
    assert [event[2] for event in data[1:] if event[1] == "m"] == [command for command, _ in SESSION]


@PAGE
@pytest.mark.parametrize("index", [{"width": 960, "height": 700}], indirect=True)
def test_slides_of_another_size_are_filled_and_not_overrun(open_page: Open, index: Path) -> None:
    page = open_page(index, "#/much", width=960, height=700)
    body = page.locator(".present .body").bounding_box()
    assert body == {"x": 0, "y": 0, "width": 960, "height": 700}
    assert page.evaluate(OVERFLOW, "much") == []


def test_players_far_away_are_let_go_and_their_last_screens_stay(open_page: Open, tmp_path: Path) -> None:
    slides = [slide(f"s{n}", f"## {n}\n\n```bash\necho {n}\n```\n") for n in range(9)]
    casts = {f"s{n}-1": record((f"echo {n}", f"out {n}\n")) for n in range(9)}
    deck, theme = Deck(tmp_path / "deck.md", "Many", slides), load_theme()
    page = open_page(write_site(render_deck(deck, casts, theme), casts, theme, tmp_path / "public"))
    for n in range(9):
        page.evaluate("n => Reveal.slide(n, 0, 0)", n)
        wait_for_text(page, f"s{n}-1", f"out {n}")
    assert page.locator(".ap-player").count() == 6
    page.evaluate("Reveal.toggleOverview(true)")
    expect(page.locator("#s1 .last-screen")).to_contain_text("out 1")
    expect(page.locator("#s1 .last-screen")).to_be_visible()
    page.evaluate("Reveal.toggleOverview(false)")
    page.evaluate("Reveal.slide(1)")
    wait_for_text(page, "s1-1", "out 1")
    expect(page.locator("#s1 .last-screen")).to_be_hidden()
