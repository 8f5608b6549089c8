"""The preview in a real browser: a save is seen, and nothing else of the page changes."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.live import Live, Serve, serving, write_cast
from tests.browser.seldom import PREVIEW

pytestmark = pytest.mark.browser

THREE = "# One\n\nfirst text\n\n---\n\n# Two\n\nsecond text\n\n---\n\n# Three\n\nthird text\n"
STEPS = "# One\n\nbegin\n\n--\n\nstep one\n\n--\n\nstep two\n\n--\n\nstep three\n\n---\n\n# Two\n"
LONG = ("seq 600", "".join(f"{number}\n" for number in range(600)))


def test_a_saved_word_is_seen_without_a_reload(serve: Serve) -> None:
    live = serve(THREE)
    live.mark()
    live.edit("first text", "other words")
    live.shows("other words")
    assert live.is_same_page


@PREVIEW
def test_only_the_changed_slide_travels(serve: Serve) -> None:
    live = serve(THREE)
    heard: list[str] = []
    live.page.on("websocket", lambda socket: socket.on("framereceived", lambda data: heard.append(str(data))))
    live.page.reload()
    live.waits("() => window.Reveal && Reveal.isReady()")
    live.edit("first text", "other words")
    live.shows("other words")
    assert "other words" in heard[-1]
    assert "second text" not in "".join(heard)


@PREVIEW
def test_what_did_not_change_on_a_slide_stays_the_same_element(serve: Serve) -> None:
    live = serve("# One\n\n- a\n- b\n- c\n\nwords\n")
    live.frame.evaluate("document.querySelectorAll('li').forEach((li, n) => (li.dataset.kept = n))")
    live.edit("- b\n", "- B\n- new\n")
    live.shows("new")
    kept = live.frame.evaluate("[...document.querySelectorAll('li')].map(li => li.dataset.kept ?? '')")
    assert kept == ["0", "1", "", "2"]


@PREVIEW
def test_the_slide_that_is_shown_stays_when_another_one_changes(serve: Serve) -> None:
    live = serve(THREE)
    live.go_to("two")
    live.edit("first text", "much\n\n---\n\n# New\n\nwords")
    live.waits("() => document.getElementById('new')")
    assert live.frame.evaluate("Reveal.getCurrentSlide().id") == "two"
    assert live.frame.evaluate("Reveal.getIndices().h") == 2
    assert live.frame.evaluate("Reveal.getSlideBackground(Reveal.getCurrentSlide()).classList.contains('present')")
    live.page.keyboard.press("ArrowLeft")
    live.shows("words")
    live.page.keyboard.press("ArrowRight")
    live.page.keyboard.press("ArrowRight")
    live.shows("third text")


def test_slides_come_go_and_move(serve: Serve) -> None:
    live = serve(THREE)
    live.mark()
    live.edit("---\n\n# Two\n\nsecond text\n\n", "")
    live.waits("() => !document.getElementById('two')")
    assert live.ids() == ["one", "three"]
    live.deck.write_text("# Three\n\nthird text\n\n---\n\n# Zero\n\n---\n\n# One\n\nfirst text\n")
    live.waits("() => document.getElementById('zero')")
    assert live.ids() == ["three", "zero", "one"]
    assert live.frame.evaluate("document.querySelectorAll('.backgrounds > .slide-background').length") == 3
    assert live.frame.evaluate("Reveal.getCurrentSlide().id") == "one"
    assert live.is_same_page


@PREVIEW
def test_the_slide_that_is_shown_is_removed(serve: Serve) -> None:
    live = serve(THREE)
    live.go_to("two")
    live.edit("---\n\n# Two\n\nsecond text\n\n", "")
    live.shows("third text")


@PREVIEW
def test_slides_go_below_another_one_and_back(serve: Serve) -> None:
    live = serve(THREE)
    live.go_to("three")
    live.edit("---\n\n# Two", "----\n\n# Two")
    live.waits("() => Reveal.getIndices(document.getElementById('two')).v === 1")
    assert live.frame.evaluate("Reveal.getIndices().h") == 1
    live.edit("second text\n\n---", "second text\n\n----")
    live.waits("() => Reveal.getIndices(document.getElementById('three')).v === 2")
    assert live.frame.evaluate("Reveal.getCurrentSlide().id") == "three"
    live.edit("----\n\n# Two", "---\n\n# Two")
    live.waits("() => Reveal.getIndices(document.getElementById('three')).v === 1")
    live.edit("----\n\n# Three", "---\n\n# Three")
    live.waits("() => document.querySelectorAll('.slides > section').length === 3")
    assert live.frame.evaluate("Reveal.getIndices().h") == 2
    assert live.frame.evaluate("document.querySelectorAll('.slides > section.stack').length") == 0


def test_the_step_survives_an_edit_of_its_slide(serve: Serve) -> None:
    live = serve(STEPS)
    live.page.keyboard.press("ArrowRight")
    live.page.keyboard.press("ArrowRight")
    live.waits("() => document.querySelectorAll('.present .step.visible').length === 2")
    live.edit("step one", "step 1, mended")
    live.shows("step 1, mended")
    assert live.frame.evaluate("document.querySelectorAll('.present .step.visible').length") == 2
    live.edit("begin", "start")
    live.shows("start")
    assert live.frame.evaluate("document.querySelectorAll('.present .step.visible').length") == 2
    live.page.keyboard.press("ArrowRight")
    live.waits("() => document.querySelectorAll('.present .step.visible').length === 3")


@PREVIEW
def test_steps_of_slides_before_are_shown_and_of_those_behind_not(serve: Serve) -> None:
    below = "# Below\n\na\n\n--\n\nb\n"
    live = serve(f"# One\n\n---\n\n# Two\n\n----\n\n{below}\n---\n\n# Three\n\n---\n\n# Four\n")
    live.go_to("two")
    live.go_to("three")
    live.edit("b\n", "b\n\n--\n\nc\n")
    live.waits("() => document.querySelectorAll('#below .fragment.visible').length === 2")
    text = live.deck.read_text(encoding="utf-8")
    below = below + "\n--\n\nc\n"
    moved = text.replace(f"----\n\n{below}\n", "") + f"\n---\n\n{below}"
    live.deck.write_text(moved, encoding="utf-8")
    live.waits("() => document.querySelector('.slides > #below:last-child')")
    assert live.frame.locator("#below .fragment").count() == 2
    assert live.frame.locator("#below .fragment.visible").count() == 0


@PREVIEW
def test_a_step_that_is_put_before_another_comes_before_it(serve: Serve) -> None:
    live = serve("# One\n\nalpha\n\n--\n\nbeta\n")
    live.edit("alpha\n", "alpha\n\n--\n\nbetween\n")
    live.waits("() => document.querySelectorAll('.present .step').length === 2")
    live.page.keyboard.press("ArrowRight")
    shown = live.frame.locator(".present .step.visible")
    expect(shown).to_have_text(["between"])
    live.page.keyboard.press("ArrowRight")
    expect(shown).to_have_text(["between", "beta"])


@PREVIEW
def test_a_cast_that_plays_goes_on_while_other_slides_change(serve: Serve, tmp_path: Path) -> None:
    slides = [f"# Slide {n}\n\nwords {n}\n" for n in range(1, 41)]
    slides[29] = "# Slide 30\n\nprose\n\n```bash\necho 0\n```\n"
    write_cast(tmp_path / "casts", "slide-30-1", LONG)
    live = serve("\n---\n\n".join(slides), "--theme", "light")
    live.go_to("slide-30")
    live.page.keyboard.press("t")
    live.waits("() => document.querySelector('.present .terminal').dataset.state === 'playing'")
    live.frame.evaluate("window.player = document.querySelector('.present .ap-player')")
    live.edit("words 31", "words of another kind")
    live.waits("() => document.getElementById('slide-31').innerText.includes('another kind')")
    live.edit("# Slide 10\n", "# New\n\n---\n\n# Slide 10\n")
    live.waits("() => document.getElementById('new')")
    live.edit("prose", "prose of another kind")
    live.shows("prose of another kind")
    state = "document.querySelector('.present .terminal').dataset.state"
    assert live.frame.evaluate(f"[{state}, document.querySelector('.present .ap-player') === window.player]") == [
        "playing",
        True,
    ]


def test_an_error_lies_over_the_last_good_deck_until_it_is_mended(serve: Serve) -> None:
    live = serve("---\ntitle: T\n---\n# One\n\nwords\n\n![x](gone.png)\n")
    panel = live.page.locator("#castdeck-overlay .panel")
    live.page.locator("#castdeck-overlay button.pill").wait_for(state="visible")
    assert not panel.is_visible()
    live.edit("title: T", "title: a: b")
    panel.wait_for(state="visible")
    text = panel.inner_text()
    assert "deck.md:2" in text
    assert "title: a: b" in text
    assert "put texts with a colon in quotes" in text
    assert "gone.png" not in text  # its line is one of the text before
    live.shows("words")
    live.edit("title: a: b", "title: T")
    panel.wait_for(state="hidden")


@PREVIEW
def test_warnings_wait_behind_a_button(serve: Serve) -> None:
    live = serve("# One\n\n![x](gone.png)\n")
    pill = live.page.locator("#castdeck-overlay button.pill")
    pill.wait_for(state="visible")
    assert pill.inner_text() == "1 warning"
    pill.click()
    assert "deck.md:3" in live.page.inner_text("#castdeck-overlay .panel")
    live.edit("![x](gone.png)", "mended")
    pill.wait_for(state="hidden")


@PREVIEW
def test_an_error_can_be_put_away_until_there_is_another_one(serve: Serve) -> None:
    live = serve("---\ntitle: a: b\n---\n# One\n")
    panel, pill = (live.page.locator(f"#castdeck-overlay {name}") for name in (".panel", "button.pill"))
    panel.get_by_title("Put away").click()
    panel.wait_for(state="hidden")
    assert pill.inner_text() == "1 error"
    live.edit("# One", "# Two")
    live.edit("title: a: b", "title: c: d")
    panel.wait_for(state="visible")
    live.edit("title: c: d", "title: T")
    live.shows("Two")
    assert not panel.is_visible()
    assert not pill.is_visible()


@PREVIEW
def test_the_page_follows_the_editor_when_asked(serve: Serve) -> None:
    live = serve(THREE, "--follow")
    live.edit("third text", "the end")
    live.shows("the end")
    live.edit("second text", "the middle")
    live.shows("the middle")


@PREVIEW
def test_the_speaker_s_window_follows_and_keeps_its_state(serve: Serve) -> None:
    live = serve("# One\n\nwords\n\n--\n\na step\n\nNote: old note\n\n---\n\n# Two\n\nnext words\n")
    live.mark()
    with live.page.expect_popup() as popup:
        live.page.keyboard.press("s")
    speaker = popup.value
    notes = speaker.locator(".text")
    notes.filter(has_text="old note").wait_for()
    current, upcoming = (speaker.frame_locator(f"iframe.{name}") for name in ("current", "upcoming"))
    live.page.keyboard.press("ArrowRight")
    current.locator(".present .step.visible").wait_for()
    speaker.evaluate("window.marked = true")
    live.edit("old note", "new note")
    notes.filter(has_text="new note").wait_for()
    live.edit("words\n\n--", "other words\n\n--")
    current.locator(".present", has_text="other words").wait_for()
    live.edit("next words", "words to come")
    upcoming.locator("#two", has_text="words to come").wait_for()
    live.shows("other words")
    assert current.locator(".present .step.visible").count() == 1
    assert speaker.evaluate("window.marked === true")
    assert live.is_same_page
    speaker.close()


def test_the_page_catches_up_when_the_preview_was_away(context: BrowserContext, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(THREE)
    with serving(tmp_path, "deck.md", "--port", "0") as address:
        live = Live(context, tmp_path, address)
        live.mark()
        live.go_to("two")
    lost = live.page.locator("#castdeck-overlay .lost")
    lost.wait_for(state="visible")
    live.deck.write_text(THREE.replace("first text", "changed meanwhile") + "\n---\n\n# Four\n")
    port = address.rstrip("/").rpartition(":")[2]
    with serving(tmp_path, "deck.md", "--port", port):
        live.waits("() => document.getElementById('four')")
        assert live.ids() == ["one", "two", "three", "four"]
        assert "changed meanwhile" in (live.frame.text_content("#one") or "")
        assert live.frame.evaluate("Reveal.getCurrentSlide().id") == "two"
        assert live.is_same_page
        lost.wait_for(state="hidden")
        live.edit("second text", "seen again")
        live.shows("seen again")
    live.page.close()


@pytest.mark.slow("builder/castdeck/serve", "tests/browser/test_live.py")
def test_a_change_that_the_page_stumbles_over_loads_it_anew(serve: Serve) -> None:
    live = serve(THREE)
    live.go_to("two")
    live.mark()
    live.frame.evaluate("() => { Reveal.getIndices = () => { throw new Error('stumbled'); }; }")
    live.edit("second text", "what stands there now")
    live.waits("() => window.marked === undefined && window.Reveal?.isReady()")
    live.shows("what stands there now")
    live.edit("what stands there now", "and goes on")
    live.shows("and goes on")
    assert [text for text in live.wrong if "stumbled" not in text] == []
    live.wrong.clear()


@PREVIEW
def test_many_slides_are_all_drawn(serve: Serve) -> None:
    live = serve("\n---\n\n".join(f"# Slide {n}\n\nwords {n}\n" for n in range(1, 200)))
    assert live.frame.locator(".slides > section > .body").count() == 199


@PREVIEW
def test_a_stale_recording_says_so_and_a_fresh_one_does_not(serve: Serve, tmp_path: Path) -> None:
    write_cast(tmp_path / "casts", "run-1", ("echo hi", "hi\n"))
    entry = {"key": "of other commands", "own": "", "machine": "docker", "tools": {}, "commands": []}
    (tmp_path / "casts/index.json").write_text(json.dumps({"version": 2, "blocks": {"run-1": entry}}))
    live = serve("# Run\n\n```bash\necho hi\n```\n\n```bash\necho new\n```\n")
    badges = live.frame.locator(".present .live-badge")
    badges.first.wait_for()
    assert badges.all_inner_texts() == ["stale", "not recorded"]
    live.edit("```bash\necho hi", "```bash {.norun}\necho hi")
    live.edit("```bash\necho new", "```bash {.norun}\necho new")
    badges.first.wait_for(state="detached")
