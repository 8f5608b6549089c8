"""A deck as one file, opened without a network, and as a PDF, read as text."""

import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from castdeck.cast.screen import last_screen
from castdeck.export.pdf import print_pdf
from castdeck.export.single_file import single_file
from castdeck.render import load_theme, render_deck, site_files, write_index, write_site
from tests.browser.conftest import Open
from tests.browser.test_deck import CASTS, FENCE, LAST_LINE, make_deck, png, wait_for_state, wait_for_text
from tests.conftest import Cli

pytestmark = pytest.mark.browser


def build(folder: Path) -> tuple[Path, dict[str, str | Path]]:
    """The deck of test_deck.py, built in a folder; its page and its files."""
    folder.mkdir(parents=True)
    (folder / "big picture.png").write_bytes(png(1600, 1200))
    deck, theme = make_deck(folder), load_theme()
    rendered = render_deck(deck, CASTS, theme)
    return write_site(rendered, CASTS, theme, folder / "public" / "deck"), site_files(rendered, CASTS, theme)


def test_one_file_plays_without_a_network_in_a_folder_with_spaces_and_accents(
    chromium: Browser, tmp_path: Path
) -> None:
    page_file = tmp_path / "un été à la mer" / "mon cours.html"
    _, files = build(tmp_path / "deck")
    page_file.parent.mkdir()
    page_file.write_text(single_file(files), encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
    page.goto(f"{page_file.as_uri()}#/run")
    page.keyboard.press("e")
    wait_for_state(page, "run-1", "ended")
    wait_for_text(page, "run-1", LAST_LINE)
    page.evaluate("location.hash = '#/image'")
    page.wait_for_function("() => document.querySelector('#image img').naturalWidth === 1600")
    context.close()
    assert wrong == []


def test_the_pdf_holds_every_command_and_each_last_screen(tmp_path: Path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("no pdftotext on PATH")
    index, _ = build(tmp_path / "un été")
    pdf = tmp_path / "deck.pdf"
    pdf.write_bytes(print_pdf(index))
    text = subprocess.run([reader, "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    squeezed = "".join(text.split())
    for name, cast in CASTS.items():
        for line in last_screen(cast):
            assert "".join(line.replace("student@docker:~", "").split()) in squeezed, name
        for marker in cast.markers:
            assert "".join(marker.data.split()) in squeezed
    assert text.count("\f") == len(make_deck(tmp_path).slides)
    assert b"/StructTreeRoot" in pdf.read_bytes() and b"/Outlines" in pdf.read_bytes()


def test_the_index_finds_words_of_slides_and_outputs_in_all_decks(open_page: Open, tmp_path: Path) -> None:
    page_file, _ = build(tmp_path / "un été")
    index = write_index(page_file.parent.parent)
    assert index
    page = open_page(index, ready="true")
    expect(page.locator("#found > li > a").first).to_contain_text("Containers")
    page.fill("#words", "ENTRYPOINT nginx")
    expect(page.locator("#count")).to_have_text("1 slide")
    page.click("#found a")
    page.wait_for_url("**/deck/index.html#/run*")
    assert page.evaluate("Reveal.getCurrentSlide().id") == "run"


def test_the_handout_shows_each_session_as_text_and_fits_a_phone(open_page: Open, tmp_path: Path) -> None:
    page_file, _ = build(tmp_path / "un été")
    page = open_page(page_file.with_name("handout.html"), ready="true", width=390, height=844)
    expect(page.locator('[data-block="run-1"] .output').last).to_contain_text(LAST_LINE)
    assert page.locator('[data-block="run-1"] .typed code').all_text_contents() == FENCE.splitlines()[1:-1]
    assert page.evaluate("document.documentElement.scrollWidth") <= 391


def test_export_writes_what_is_asked_for_beside_the_built_deck(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "castdeck.toml").write_text("")
    (tmp_path / "slides/demo").mkdir(parents=True)
    (tmp_path / "slides/demo/deck.md").write_text("# Un\n\nNote: secret\n")
    done = cli("export", "demo", "--single-file", "--pdf", "--zip", "--handout", "--quiet")
    assert (done.status, done.err) == (0, "")
    names = ["demo.html", "demo.pdf", "demo.zip", "demo-handout.html"]
    assert done.out.splitlines() == [str(tmp_path / "public" / name) for name in names]
    assert "secret" not in (tmp_path / "public/demo-handout.html").read_text()
    assert cli("export", "demo", "--handout", "--notes", "--out", "with.html").status == 0
    assert "secret" in (tmp_path / "with.html").read_text()


def test_a_pdf_without_a_browser_is_an_error_that_says_what_to_install(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text("# Un\n")
    done = cli("export", "deck.md", "--pdf", "--quiet", PATH=str(tmp_path))
    assert done.status == 1
    assert done.err == (
        "error: a PDF needs Chromium, which is not on PATH\n"
        "  install it (Debian: `apt install chromium`), or set CASTDECK_CHROMIUM=/path/to/chrome\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "choose what to write: --single-file, --pdf, --zip, --handout"),
        (("--zip", "--pdf", "--out", "x"), "--out takes one of --single-file, --pdf, --zip, --handout"),
    ],
)
def test_export_wants_a_shape(cli: Cli, tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "deck.md").write_text("# Un\n")
    done = cli("export", "deck.md", *arguments)
    assert done.status == 2
    assert message in done.err
