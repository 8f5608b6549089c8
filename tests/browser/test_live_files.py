"""All that the preview watches, and the ways in which editors and people change it."""

import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.browser.live import Serve, write_cast
from tests.browser.seldom import PREVIEW
from tests.browser.test_deck import png

pytestmark = pytest.mark.browser

THREE = "# One\n\nfirst text\n\n---\n\n# Two\n\nsecond text\n\n---\n\n# Three\n\nthird text\n"
STEPS = "# One\n\nbegin\n\n--\n\nstep one\n\n--\n\nstep two\n\n--\n\nstep three\n\n---\n\n# Two\n"


def test_a_new_cast_is_put_in_place(serve: Serve, tmp_path: Path) -> None:
    live = serve("# Run\n\nprose\n\n```bash\necho hi\n```\n\n---\n\n# Two\n")
    live.mark()
    assert live.frame.locator(".present .terminal").count() == 0
    write_cast(tmp_path / "casts", "run-1", ("echo hi", "from the recording\n"))
    live.frame.wait_for_selector(".present .terminal")
    live.page.keyboard.press("ArrowRight")
    live.frame.wait_for_selector('.present .terminal[data-state="ended"]')
    live.frame.locator(".present .ap-term", has_text="from the recording").wait_for()
    assert live.is_same_page


@PREVIEW
def test_another_pace_plays_the_same_cast_anew(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    write_cast(tmp_path / "casts", "run-1", ("echo hi", "hi\n"))
    live = serve("---\ntitle: T\n---\n# Run\n\n```bash\necho hi\n```\n")
    longest = """() => Math.max(...JSON.parse(document.querySelector('.terminal script').textContent)
        .slice(1).map(event => event[0]))"""
    before = live.frame.evaluate(longest)
    live.edit("title: T", "title: T\npace: {before: 30}")
    live.waits(f"() => ({longest})() > 25 + {before}")
    live.edit("\npace: {before: 30}", "")
    live.waits(f"() => ({longest})() === {before}")
    (tmp_path / "castdeck.toml").write_text("[pace]\nbefore = 40\n")
    live.waits(f"() => ({longest})() > 35 + {before}")


@PREVIEW
def test_a_played_command_stays_played_in_a_new_recording(serve: Serve, tmp_path: Path) -> None:
    write_cast(tmp_path / "casts", "run-1", ("echo one", "one\n"), ("echo two", "two\n"))
    live = serve("# Run\n\nprose\n\n```bash\necho one\necho two\n```\n")
    live.frame.wait_for_selector(".present .terminal")
    live.page.keyboard.press("ArrowRight")
    live.frame.wait_for_selector('.present .terminal[data-state="paused"]')
    write_cast(tmp_path / "casts", "run-1", ("echo one", "another\n"), ("echo two", "two\n"))
    live.frame.locator(".present .ap-term", has_text="another").wait_for()
    live.frame.wait_for_selector('.present .terminal[data-state="paused"]')
    live.edit("prose", "words")
    live.shows("words")
    live.frame.wait_for_selector('.present .terminal[data-state="paused"]')
    assert live.frame.evaluate("document.querySelectorAll('.present .command.visible').length") == 1
    live.page.keyboard.press("t")
    live.frame.wait_for_selector('.present .terminal[data-state="ended"]')


@PREVIEW
def test_an_included_file_is_followed(serve: Serve, tmp_path: Path) -> None:
    live = serve("# One\n\n---\ninclude: parts/other.md\n---\n\n---\n\n# Last\n")
    pill = live.page.locator("#castdeck-overlay .panel, #castdeck-overlay button.pill")
    pill.first.wait_for()
    live.mark()
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/other.md").write_text("# Other\n\nwords\n")
    live.waits("() => document.getElementById('other')")
    live.go_to("other")
    (tmp_path / "parts/other.md").write_text("# Other\n\nother words\n")
    live.shows("other words")
    assert live.ids() == ["one", "other", "last"]
    assert live.is_same_page


def test_an_image_is_replaced_and_a_missing_one_appears(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "a b.png").write_bytes(png(40, 30))
    live = serve("# One\n\n![a](a%20b.png)\n\n![late](late.png)\n")
    live.mark()
    live.waits("() => document.querySelector('.present img').naturalWidth === 40")
    (tmp_path / "a b.png").write_bytes(png(80, 30))
    live.waits("() => document.querySelector('.present img').naturalWidth === 80")
    (tmp_path / "late.png").write_bytes(png(20, 30))
    live.waits("() => [...document.querySelectorAll('.present img')].some(image => image.naturalWidth === 20)")
    assert live.is_same_page


def test_a_theme_s_style_is_replaced_and_another_one_taken(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text('theme = "own"\n')
    theme = tmp_path / "themes/own"
    theme.mkdir(parents=True)
    (theme / "theme.css").write_text(".reveal { color: rgb(1, 2, 3) }")
    live = serve(THREE)
    live.mark()
    colour = "colour => getComputedStyle(document.querySelector('.reveal')).color === colour"
    live.waits(colour, "rgb(1, 2, 3)")
    (theme / "theme.css").write_text(".reveal { color: rgb(3, 2, 1) }")
    live.waits(colour, "rgb(3, 2, 1)")
    assert live.is_same_page


@PREVIEW
def test_a_new_layout_reloads_the_page_where_it_was(serve: Serve, tmp_path: Path) -> None:
    live = serve(STEPS)
    live.page.keyboard.press("ArrowRight")
    live.deck.write_text("---\nwidth: 960\n---\n" + STEPS)
    live.waits("() => window.Reveal?.isReady() && Reveal.getConfig().width === 960")
    live.waits("() => document.querySelectorAll('.present .step.visible').length === 1")


@PREVIEW
def test_a_deck_that_is_deleted_stays_on_the_page_and_comes_back(serve: Serve) -> None:
    live = serve(THREE)
    text = live.deck.read_text()
    live.deck.unlink()
    live.page.locator("#castdeck-overlay .panel").wait_for(state="visible")
    live.shows("first text")
    live.deck.write_text(text.replace("first", "restored"))
    live.shows("restored text")
    live.page.locator("#castdeck-overlay .panel").wait_for(state="hidden")


@PREVIEW
def test_an_editor_that_saves_by_renaming(serve: Serve) -> None:
    live = serve(THREE)
    for number in range(5):
        backup, part = live.deck.with_name("deck.md~"), live.deck.with_name("4913")
        part.write_text(THREE.replace("first text", f"save {number}"))
        live.deck.rename(backup)
        part.rename(live.deck)
        backup.unlink()
        live.shows(f"save {number}")


@PREVIEW
@pytest.mark.parametrize("arguments", [(), ("--poll",)])
def test_many_saves_end_with_the_last_one(serve: Serve, arguments: tuple[str, ...]) -> None:
    live = serve(THREE, *arguments)
    live.mark()
    for number in range(60):
        live.deck.write_text(THREE.replace("first text", f"save {number:03}"))
        live.page.wait_for_timeout(50)
    live.shows("save 059")
    assert live.is_same_page


@PREVIEW
def test_another_branch_is_checked_out_and_left_again(serve: Serve, tmp_path: Path) -> None:
    live = serve("\n---\n\n".join(f"# Slide {n}\n\nwords {n}\n" for n in range(1, 90)))
    git = partial(subprocess.run, cwd=tmp_path, check=True, capture_output=True)
    git(["git", "init", "-q"])
    git(["git", "add", "deck.md"])
    git(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "one"])
    git(["git", "checkout", "-qb", "other"])
    live.deck.write_text("\n---\n\n".join(f"# Slide {n}\n\nother {n}\n" for n in range(1, 120)))
    git(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qam", "two"])
    live.mark()
    live.go_to("slide-5")
    for branch, words, slides in (("-", "words 5", 89), ("-", "other 5", 119), ("-", "words 5", 89)):
        git(["git", "checkout", "-q", branch])
        live.shows(words)
        live.waits("count => document.querySelectorAll('.slides > section .body').length === count", slides)
    assert live.is_same_page


@PREVIEW
def test_a_folder_that_goes_and_comes_back_is_watched_again(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images/a.png").write_bytes(png(40, 30))
    live = serve("# One\n\n![a](images/a.png)\n")
    live.frame.wait_for_selector(".present img")
    shutil.rmtree(tmp_path / "images")
    live.frame.wait_for_selector(".present .missing-image")
    (tmp_path / "images").mkdir()
    (tmp_path / "images/a.png").write_bytes(png(60, 30))
    live.waits("() => document.querySelector('.present img')?.naturalWidth === 60")
    (tmp_path / "images/a.png").write_bytes(png(70, 30))
    live.waits("() => document.querySelector('.present img')?.naturalWidth === 70")


@PREVIEW
def test_a_half_written_file_is_not_shown(serve: Serve) -> None:
    live = serve(THREE)
    live.mark()
    watch = "new MutationObserver(() => (window.touched = true))"
    live.frame.evaluate(f"{watch}.observe(document.querySelector('.slides'), {{subtree: true, childList: true}})")
    with live.deck.open("w") as file:
        file.flush()
        live.page.wait_for_timeout(100)
        file.write(THREE)
    live.page.wait_for_timeout(400)
    assert live.frame.evaluate("window.touched === undefined")
    assert not live.page.locator("#castdeck-overlay .panel").is_visible()


@PREVIEW
def test_an_index_of_recordings_that_is_none_is_a_problem_on_the_page(serve: Serve, tmp_path: Path) -> None:
    (tmp_path / "casts").mkdir()
    (tmp_path / "casts/index.json").write_text("{")
    live = serve("# Run\n\n```bash\necho hi\n```\n")
    panel = live.page.locator("#castdeck-overlay .panel")
    panel.wait_for(state="visible")
    assert "not an index of recordings" in panel.inner_text()
    (tmp_path / "casts/index.json").unlink()
    panel.wait_for(state="hidden")
