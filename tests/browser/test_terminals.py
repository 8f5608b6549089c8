"""A recording on a slide becomes a live terminal, in Chromium, on the machine `local`."""

from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Error, Page, TimeoutError

from tests.browser.live import Live, Serve, deck_frame, write_cast
from tests.browser.seldom import TERMINALS
from tests.terminals.preview import allow_local

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
_DECK = """---
machine: local
---
# One {#one}

```bash
echo hello > greeting
cat greeting
```

```bash {.check}
test -e done || { echo "make a file called done"; false; }
```

---

# Two {#two}

Nothing here.
"""
_ROWS = "document.querySelector('.live .xterm-rows')?.innerText ?? ''"


@pytest.fixture
def live(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    allow_local(tmp_path)
    write_cast(tmp_path / "casts", "one-1", ("echo hello > greeting", ""), ("cat greeting", "hello"))
    started = serve(_DECK)
    started.frame.wait_for_selector("#one .take", state="attached")
    return started


def _take_over(live: Live) -> Page:
    live.page.keyboard.press("y")
    live.page.wait_for_selector('.live[data-state="running"]')
    return live.page


def _shows(page: Page, text: str) -> None:
    page.wait_for_function(f"text => ({_ROWS}).includes(text)", arg=text)


def _click(page: Page, text: str) -> None:
    """Click on a text that the terminal shows last: xterm.js takes the mouse above its rows."""
    box = page.locator(f".live .xterm-rows >> text={text}").last.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] / 2)
    page.mouse.click(box["x"] + 5, box["y"] + box["height"] / 2)


def test_a_key_makes_the_recording_a_shell_in_its_place_and_state(live: Live) -> None:
    live.page.keyboard.press("ArrowRight")
    live.page.keyboard.press("ArrowRight")
    live.page.keyboard.press("ArrowRight")
    live.waits("() => document.querySelector('#one .terminal').dataset.command === '2'")
    box = live.frame.evaluate("document.querySelector('#one .terminal').getBoundingClientRect().toJSON()")
    style = "getComputedStyle(document.querySelector('#one .commands'))"
    size = float(live.frame.evaluate(f"parseFloat({style}.fontSize)"))
    page = _take_over(live)
    _shows(page, "cat greeting")
    page.keyboard.type("cat greeting greeting | tr a-z A-Z\n")
    _shows(page, "HELLO")
    place = page.evaluate("document.querySelector('.live').getBoundingClientRect().toJSON()")
    assert all(abs(place[side] - box[side]) < 1 for side in ("x", "y", "width", "height"))
    letters = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.live .xterm-rows')).fontSize)")
    assert letters == pytest.approx(size, rel=0.05)


@TERMINALS
def test_before_the_first_command_nothing_of_the_block_has_run(live: Live) -> None:
    page = _take_over(live)
    page.keyboard.type("ls greeting\n")
    _shows(page, "No such file")


@TERMINALS
def test_leaving_the_slide_keeps_it_and_putting_back_gives_the_recording(live: Live) -> None:
    page = _take_over(live)
    page.keyboard.type("echo kept-$((1+1))\n")
    _shows(page, "kept-2")
    page.keyboard.press("Control+]")
    live.go_to("two")
    page.wait_for_selector(".live", state="hidden")
    live.go_to("one")
    page.wait_for_selector(".live", state="visible")
    _shows(page, "kept-2")
    page.click(".live >> text=Put back")
    page.wait_for_selector(".live", state="detached")
    assert live.frame.evaluate("!document.querySelector('#one .terminal').inert")


@TERMINALS
def test_afresh_gives_the_state_again(live: Live) -> None:
    page = _take_over(live)
    page.keyboard.type("echo changed >new; echo made\n")
    _shows(page, "made")
    page.click(".live >> text=Afresh")
    page.wait_for_function(f"() => !({_ROWS}).includes('made')")
    page.wait_for_selector('.live[data-state="running"]')
    page.keyboard.type("ls new\n")
    _shows(page, "No such file")


@TERMINALS
def test_a_page_that_is_loaded_anew_finds_its_terminal(live: Live) -> None:
    page = _take_over(live)
    page.keyboard.type("WORD=kept; echo $WORD-1\n")
    _shows(page, "kept-1")
    page.reload()
    deck_frame(page).wait_for_function("() => window.Reveal && Reveal.isReady()")
    page.wait_for_selector('.live[data-state="running"]')
    _shows(page, "kept-1")
    page.click(".live .xterm")
    page.keyboard.type("echo $WORD-2\n")
    _shows(page, "kept-2")


def test_what_was_typed_is_put_into_the_deck_after_its_difference_was_shown(live: Live) -> None:
    page = _take_over(live)
    page.keyboard.type("echo one\n for x in 1 2\ndo echo $x\ndone\necho two\n")
    _shows(page, "\ntwo")
    page.click(".live >> text=Keep")
    assert "+echo one" in page.inner_text(".keep-dialog pre")
    assert "echo one" not in live.deck.read_text()
    page.click("text=Write it into the deck")
    page.wait_for_function("() => document.querySelector('.live-bar').innerText.includes('stands in the deck')")
    assert "\n```bash\necho one\necho two\n```\n" in live.deck.read_text()


def test_without_a_key_press_a_deck_gets_no_terminal(live: Live) -> None:
    page = live.open()
    tries = """setInterval(() => {
      if (navigator.userActivation.isActive) return; // that of this evaluation, for some seconds
      Reveal.triggerKey(89);
      console.log("tried");
    }, 200)"""
    with page.expect_console_message(lambda said: said.text == "tried"):
        deck_frame(page).evaluate(tries)
    with page.expect_console_message(lambda said: said.text == "tried"):
        pass  # what was said before has been heard
    assert page.locator(".live").count() == 0
    page.close()


def test_what_a_program_prints_does_nothing_to_the_page(live: Live) -> None:
    page = _take_over(live)
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    title = page.title()
    page.keyboard.type(
        r"printf '\033]52;c;ZXZpbA==\a\033]0;evil\a\033]8;;javascript:alert(1)\aclick\033]8;;\a<img src=x>\n'" + "\n"
    )
    _shows(page, "click<img")
    _click(page, "click")
    assert page.title() == title
    assert asked == []
    assert page.query_selector(".live .xterm-rows img") is None
    page.keyboard.type("echo https://example.invalid/x\n")
    _shows(page, "\nhttps://example.invalid/x")
    pages = len(page.context.pages)
    _click(page, "https://example.invalid/x")
    page.wait_for_function("() => document.activeElement.closest('.live')")
    assert len(page.context.pages) == pages and len(asked) == 1


@TERMINALS
def test_the_trap_of_the_keyboard_has_a_way_out_that_is_told(live: Live) -> None:
    page = _take_over(live)
    assert "Ctrl+]" in page.inner_text(".live-bar")
    assert "Ctrl+]" in (page.get_attribute(".live", "aria-label") or "")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.live') !== null")
    page.keyboard.press("Control+]")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    page.keyboard.press("y")
    page.wait_for_function("() => document.activeElement.closest('.live') !== null")


@TERMINALS
def test_the_terminal_follows_the_window(live: Live) -> None:
    page = _take_over(live)
    page.set_viewport_size({"width": 900, "height": 600})
    live.waits("() => innerWidth === 900")
    page.wait_for_function("() => document.querySelector('.live').getBoundingClientRect().right <= 901")
    page.keyboard.type("clear; stty size\n")
    page.wait_for_function(f"() => /\\d+ \\d+/.test({_ROWS})")


@TERMINALS
def test_a_flood_is_shown_whole_and_ctrl_c_ends_it_at_once(live: Live) -> None:
    page = _take_over(live)
    page.keyboard.type("seq 1 400000; echo the-e''nd\n")
    _shows(page, "399999\n400000\nthe-end")
    page.keyboard.type("yes\n")
    _shows(page, "y\ny\ny\ny")
    page.keyboard.press("Control+c")
    page.keyboard.type("echo over-$((1+1))\n")
    _shows(page, "\nover-2")


@TERMINALS
def test_a_check_says_what_is_missing_until_it_is_done(live: Live) -> None:
    assert "make a file" not in live.frame.inner_text("#one")
    page = _take_over(live)
    page.click(".live >> text=Check")
    page.wait_for_function("() => document.querySelector('.live-bar').innerText.includes('make a file called done')")
    page.click(".live .xterm")
    page.keyboard.type("touch done; echo ma''de\n")
    _shows(page, "\nmade")
    page.click(".live >> text=Check")
    page.wait_for_function("() => document.querySelector('.live-bar').innerText.includes('Done!')")


def test_what_the_machine_serves_is_a_tab_in_a_frame_of_no_origin(live: Live) -> None:
    page = _take_over(live)
    html = "<link rel=stylesheet href=/look.css><a href=/other.html>on</a><script>document.write(origin)</script>"
    page.keyboard.type(f"echo '{html}' >index.html\n")
    page.keyboard.type("echo 'a {color: rgb(1, 2, 3)}' >look.css; echo 'the other page' >other.html\n")
    page.keyboard.type("python3 -m http.server 8080 >/dev/null 2>&1 &\n")
    for _ in range(30):
        page.keyboard.press("Enter")
        with suppress(TimeoutError):
            page.wait_for_selector(".live-tabs >> text=8080", timeout=3000)
            break
    page.click(".live-tabs >> text=8080")
    element = page.wait_for_selector("iframe.live-page")
    shown = element and element.content_frame()
    assert shown
    shown.wait_for_selector("text=null")  # what the script writes, once the style sheet is there
    assert shown.inner_text("body") == "onnull"
    assert shown.evaluate("getComputedStyle(document.querySelector('a')).color") == "rgb(1, 2, 3)"
    with pytest.raises(Error):
        shown.evaluate("parent.document.title")
    with pytest.raises(Error):
        shown.evaluate("localStorage.length")
    shown.click("a")
    shown.wait_for_selector("text=the other page")
    page.click(".live-tabs >> text=Terminal")
    page.keyboard.type("kill %1; echo en''ded\n")
    _shows(page, "ended")
    page.wait_for_selector(".live-tabs >> text=8080", state="detached")
