"""Every key of the table in docs/presenting.md is pressed: in the deck, in the speaker's window, on a small screen."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from castdeck.render import load_theme, render_deck, write_site
from tests.browser.conftest import Open
from tests.browser.seldom import PAGE
from tests.browser.test_deck import CASTS, go_to, make_deck
from tests.browser.test_speaker import speaker_of

pytestmark = pytest.mark.browser
DOCS = Path(__file__).parents[2] / "docs/presenting.md"
STATE = "document.querySelector('#run .terminal').dataset.state"
SLIDE = "Reveal.getCurrentSlide().id"
LETTERS = "parseFloat(getComputedStyle(document.querySelector('#run .terminal')).fontSize)"
SHOWN = "document.querySelector('{}')?.checkVisibility()"
TOOL = "document.querySelector('.reveal-viewport').dataset.tool"
# By key as the table writes it: what to press, and what is true then and was not before. Each begins on the slide #run.
EFFECTS = {
    "→": ("ArrowRight", f"{STATE} !== 'code'"),
    "space": (" ", f"{STATE} !== 'code'"),
    "n": ("n", f"{STATE} !== 'code'"),
    "←": ("ArrowLeft", f"{SLIDE} === 'title'"),
    "p": ("p", f"{SLIDE} === 'title'"),
    "t": ("t", "window.states.includes('playing')"),
    "c": ("c", f"{STATE} !== 'code'"),
    "r": ("r", f"{STATE} === 'ended'"),
    "e": ("e", f"{STATE} !== 'code'"),
    "y": ("y", SHOWN.format("#run .typed-along")),
    "x": ("x", "!document.querySelector('#run .transcript').hidden"),
    "o": ("o", SHOWN.format(".overview-grid")),
    "Esc": ("Escape", SHOWN.format(".overview-grid")),
    "+": ("+", f"{LETTERS} > window.letters"),
    "-": ("-", f"{LETTERS} < window.letters"),
    "z": ("z", "document.querySelector('#run').classList.contains('filling')"),
    "b": ("b", "Reveal.isPaused()"),
    ".": (".", "Reveal.isPaused()"),
    "w": ("w", "Reveal.isPaused() && document.querySelector('.reveal-viewport').classList.contains('white')"),
    "a": ("a", f"{TOOL} === 'pointer'"),
    "i": ("i", f"{TOOL} === 'spotlight'"),
    "d": ("d", f"{TOOL} === 'pen'"),
    "u": ("u", "!document.querySelector('#run > .ink')"),
    "g": ("g", SHOWN.format(".goto")),
    "/": ("/", SHOWN.format(".find")),
    "Ctrl-Shift-f": ("Control+Shift+F", SHOWN.format(".find")),
    "?": ("?", SHOWN.format(".keys")),
    "f": ("f", "document.fullscreenElement"),
}
ELSEWHERE = {"s", "Ctrl-p"}  # they open windows: test_speaker, test_stage
# In the speaker's window these are the notes' letters, the browser's own, and the list of the keys there.
NOT_SENT = {"+", "-", "Ctrl-Shift-f", "f", "?"}
# Keys that follow each other, in the speaker's window too, and what is true then. Each begins on the slide #run.
ONE_AFTER_THE_OTHER = {
    "3 Enter": f"{SLIDE} === 'after'",
    "g s t x Backspace e p s Enter": f"{SLIDE} === 'steps'",
    "g Escape": "document.querySelector('.goto').hidden",
    "/ n g i n x Enter Shift+Enter": "/^1 /.test(document.querySelector('.find .hits').textContent)",
    "/ n g Escape": "document.querySelector('.find').hidden",
    "o End Enter": f"{SLIDE} === Reveal.getSlides().at(-1).id",
    "o ArrowRight Escape": f"{SLIDE} === 'run' && !document.querySelector('.overview-grid')",
    "b ArrowRight": f"!Reveal.isPaused() && {STATE} === 'code'",
    "z z": "!document.querySelector('#run').classList.contains('filling')",
    "d d": f"{TOOL} === undefined",
    "y d o c k Tab": "document.querySelector('#run .typed-along input').value === 'docker'",
    "y x x x": "document.querySelector('#run .typed-along output').textContent.includes('docker')",
    "y Escape": "!document.querySelector('#run .typed-along')",
    "y d o c k e r Space r u n Space - d Space - - n a m e Space w e b Space n g i n x Enter": f"{STATE} !== 'code'",
}


def keys_of_the_docs() -> set[str]:
    table = re.findall(r"^\| ([^|]+) \|", DOCS.read_text().split("## Keys")[1].split("\n\n## ")[0], re.MULTILINE)
    rows = [row for row in table[: [row.startswith("`play`") for row in table].index(True)] if row != "key"]
    named = {key for row in rows for key in re.findall(r"`([^`]+)`", row)}
    return named | {"space"} if any("space" in row for row in rows) else named


@pytest.fixture
def index(tmp_path: Path) -> Path:
    theme = load_theme()
    return write_site(render_deck(make_deck(tmp_path), CASTS, theme), CASTS, theme, tmp_path / "public")


def prepared(page: Page) -> None:
    """The slide #run as it is before its first command, with a drawing on it."""
    address = page.url.partition("#")[0]
    page.evaluate("sessionStorage.clear()")  # else it goes on there
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_selector(".reveal.ready")
    go_to(page, "run")
    page.evaluate("""() => {
      window.states = []; // a short command may have ended before the test looks again
      document.addEventListener("castdeck:terminal", ({ detail }) => window.states.push(detail.terminal.state));
      window.letters = parseFloat(getComputedStyle(document.querySelector('#run .terminal')).fontSize);
      document.querySelector('#run').insertAdjacentHTML('beforeend', '<svg class="ink"></svg>');
    }""")


def test_the_table_of_the_docs_has_the_keys_that_are_tested() -> None:
    assert keys_of_the_docs() == EFFECTS.keys() | ELSEWHERE


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", [(1280, 720), pytest.param((390, 844), marks=PAGE)], ids=str)
def test_each_key_does_what_the_docs_say(open_page: Open, index: Path, size: tuple[int, int]) -> None:
    page = open_page(index, width=size[0], height=size[1])
    for key, (pressed, effect) in EFFECTS.items():
        prepared(page)
        assert not page.evaluate(f"Boolean({effect})"), key
        page.keyboard.press(pressed)
        page.wait_for_function(f"() => Boolean({effect})")


@pytest.mark.timeout(300)
def test_each_key_pressed_in_the_speakers_window_acts_on_the_deck(open_page: Open, index: Path) -> None:
    page = open_page(index)
    prepared(page)
    speaker = speaker_of(page)
    for key, (pressed, effect) in EFFECTS.items():
        if key in NOT_SENT:
            continue
        prepared(page)
        assert not page.evaluate(f"Boolean({effect})"), key
        speaker.keyboard.press(pressed)
        page.wait_for_function(f"() => Boolean({effect})")
    speaker.keyboard.press("?")
    speaker.wait_for_selector(".keys")
    speaker.keyboard.press("n")
    assert not speaker.query_selector(".keys")
    speaker.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("where", ["deck", pytest.param("phone", marks=PAGE), "speaker"])
def test_keys_that_follow_each_other(open_page: Open, index: Path, where: str) -> None:
    page = open_page(index, **({"width": 390, "height": 844} if where == "phone" else {}))
    prepared(page)
    pressed = speaker_of(page) if where == "speaker" else page
    for keys, effect in ONE_AFTER_THE_OTHER.items():
        prepared(page)
        for key in keys.split():
            pressed.keyboard.press(key)
        page.wait_for_function(f"() => Boolean({effect})", timeout=20_000)
    if pressed is not page:
        pressed.close()
