"""What a stranger's page can do in the Chromium of `check` and `export`."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from castdeck.check.measured import Measured, measured_slides, slides_measured
from castdeck.check.slides import slide_problems
from castdeck.check.subject import CheckedDeck, subjects
from castdeck.chromium import ChromiumError, Page, chromium_page, find_chromium
from castdeck.deck import parse_deck
from castdeck.deck.text import DeckText
from tests.browser.seldom import CHECK
from tests.conftest import Cli
from tests.web import server

pytestmark = [pytest.mark.browser, pytest.mark.skipif(find_chromium() is None, reason="no Chromium on PATH")]
Measuring = Callable[..., Measured]
REVEAL = """<script>
window.Reveal = {
  isReady: () => true, getConfig: () => ({width: 1280, height: 720}), slide: () => window.onslide?.(),
  getSlides: () => [...document.querySelectorAll("section")], getIndices: () => ({h: 0, v: 0}),
};
</script>"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    program = find_chromium()
    assert program
    with chromium_page(program) as page:
        yield page


def write(folder: Path, html: str, **files: str) -> Path:
    site = folder / "site"
    site.mkdir()
    for name, text in files.items():
        (site / name.replace("_", ".")).write_text(text)
    index = site / "index.html"
    index.write_text(f"<!doctype html><body>{html}")
    return index


@pytest.fixture
def measured(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measuring:
    """measured(html, evil_js="...") measures a page; scripts are stopped sooner than usual."""
    monkeypatch.setattr("castdeck.chromium.page.BLOCKED_FOR", 1.0)
    return lambda html, **files: measured_slides(write(tmp_path, REVEAL + html, **files), page)


def section(name: str, html: str = "") -> str:
    return f'<section id="{name}"><div class="body">{name} {html}</div></section>\n'


def test_a_page_has_no_network(page: Page, tmp_path: Path) -> None:
    asked: list[str] = []
    with server(lambda request: asked.append(request.path)) as address:
        index = write(
            tmp_path,
            f'<img src="{address}/img"><iframe src="{address}/frame"></iframe><script src="{address}/js"></script>'
            f'<link rel="stylesheet" href="{address}/css"><link rel="preconnect" href="{address}">',
        )
        page.open(index, 800, 600)
        port = address.rpartition(":")[2]
        outcome = page.evaluate(
            f"""Promise.all([
              fetch("{address}/fetch").then(() => "there", () => "no"),
              new Promise((done) => {{
                const socket = new WebSocket("ws://127.0.0.1:{port}/socket");
                socket.onopen = () => done("there"); socket.onerror = () => done("no");
              }}),
              new Promise((done) => {{
                const worker = new Worker(URL.createObjectURL(new Blob([
                  `fetch("{address}/worker").then(() => postMessage("there"), () => postMessage("no"))`])));
                worker.onmessage = ({{data}}) => done(data);
              }}),
              navigator.sendBeacon("{address}/beacon") && "no",
            ])"""
        )
    assert outcome == ["no", "no", "no", "no"]
    assert asked == []


def test_a_page_reads_no_file_outside_its_folder(page: Page, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("S3CRET")
    index = write(tmp_path, "", inside_txt="inside")
    (index.parent / "link.txt").symlink_to(tmp_path / "secret.txt")
    page.open(index, 800, 600)
    outside = ["../secret.txt", "..%2fsecret.txt", "link.txt", f"file://{tmp_path}/secret.txt", "/etc/passwd"]
    read = "(url) => fetch(url).then((got) => got.text(), () => null)"
    assert page.evaluate(f"Promise.all({['inside.txt', *outside]}.map({read}))") == ["inside", *[None] * 5]
    frames = f'<iframe src="file://{tmp_path}/secret.txt"></iframe><object data="file:///etc/passwd"></object>'
    index.write_text(frames)
    page.open(index, 800, 600)
    assert "S3CRET" not in str(page.call("Page.captureSnapshot")["data"])


def test_an_address_that_is_no_file_s_name_is_asked_for_in_vain(page: Page, tmp_path: Path) -> None:
    names = ["%00.png", "a" * 5000, "//[", "%ff", "inside.txt/below", "."]
    page.open(write(tmp_path, "".join(f'<img src="{name}">' for name in names), inside_txt="inside"), 800, 600)
    read = "(url) => fetch(url).then((got) => got.text(), () => null)"
    assert page.evaluate(f"Promise.all({['inside.txt', *names]}.map({read}))") == ["inside", *[None] * len(names)]


def test_the_browser_keeps_its_sandbox_and_is_not_root(page: Page) -> None:
    if not page.is_sandboxed:
        pytest.skip("this system gives Chromium no sandbox")
    shown = subprocess.run(["ps", "-Aww", "-o", "user=,args="], capture_output=True, text=True, check=True).stdout
    ours = [line for line in shown.splitlines() if "--remote-debugging-pipe" in line and "castdeck-chromium-" in line]
    assert ours and not any("--no-sandbox" in line for line in ours)
    assert not [line for line in ours if line.startswith("root ") and "setpriv" not in line]


def test_where_there_can_be_no_sandbox_it_runs_without_and_says_so(tmp_path: Path) -> None:
    real = find_chromium()
    told: list[str] = []
    with TemporaryDirectory() as folder:  # not pytest's: as root, Chromium is another user, and has no access to it
        Path(folder).chmod(0o755)
        program = Path(folder) / "chromium"
        ends = 'echo "No usable sandbox!" >&2\nexit 1\n'
        program.write_text(f'#!/bin/sh\ncase "$*" in *--no-sandbox*) exec {real} "$@";; esac\n{ends}')
        program.chmod(0o755)
        with slides_measured(str(program), told.append) as measure:
            found = measure(write(tmp_path, REVEAL + section("one")))
    assert told == ["Chromium has no sandbox here (no user namespaces): check only decks that you trust"]
    assert ([one.id for one in found.slides], found.failed) == (["one"], "")


@pytest.mark.parametrize("name", ["chromium", "chromium-headless-shell"])
def test_the_whole_browser_and_its_headless_shell_measure_alike(tmp_path: Path, name: str) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    with slides_measured(name, lambda told: None) as measure:
        html = '<section id="one"><div class="body" style="height: 100px"><div style="height: 150px">'
        found = measure(write(tmp_path, REVEAL + html))
    assert [(one.id, one.below) for one in found.slides] == [("one", 50)]


def test_its_profile_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    program = find_chromium()
    assert program
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr("tempfile.tempdir", folder)
        with chromium_page(program):
            assert list(Path(folder).iterdir())
        assert list(Path(folder).iterdir()) == []


def test_a_program_that_is_no_browser_says_so() -> None:
    program = shutil.which("true") or ""
    with pytest.raises(ChromiumError, match="does not start: it says nothing"), chromium_page(program):
        pass


def test_a_script_that_never_ends_costs_its_own_slide(measured: Measuring) -> None:
    endless = section("two", '<script src="evil.js"></script>')
    found = measured(section("one") + endless + section("three"), evil_js="\n\nfor (;;);\n")
    assert [(slide, hang.address, hang.line) for slide, hang in found.hangs] == [("two", "evil.js", 3)]
    assert [one.id for one in found.slides] == ["one", "two", "three"]
    assert found.failed == ""


@CHECK
def test_a_script_that_never_ends_once_a_slide_is_shown_costs_that_slide(measured: Measuring) -> None:
    handler = "<script>let n = 0; window.onslide = () => { n += 1; while (n === 2); };</script>"
    found = measured(section("one") + section("two") + section("three") + handler)
    assert [one.id for one in found.slides] == ["one", "three"]
    assert len(found.hangs) == 1


@CHECK
def test_after_three_scripts_that_never_end_the_page_is_given_up(measured: Measuring) -> None:
    names = [f"s{number}" for number in range(20)]
    found = measured("".join(map(section, names)) + "<script>window.onslide = () => { for (;;); };</script>")
    assert [slide for slide, _ in found.hangs] == ["s19"] * 3  # where the script stands
    assert found.failed == "3 scripts did not end"


@pytest.mark.parametrize(
    "drawing",
    [
        "```mermaid\nflowchart TD\n" + "\n".join(f"n{n * 37 % 120}-->n{n * n * 7 % 119}" for n in range(499)) + "\n```",
        pytest.param(" ".join(f"$x_{number}^2$" for number in range(4000)), marks=CHECK),
    ],
    ids=["diagram", "formulas"],
)
def test_what_is_never_drawn_costs_its_own_slide(cli: Cli, tmp_path: Path, drawing: str) -> None:
    wide = "\n\n".join(["words"] * 80)
    (tmp_path / "deck.md").write_text(f"# A {{#a}}\n\n---\n\n# B {{#b}}\n\n{drawing}\n\n---\n\n# C {{#c}}\n\n{wide}\n")
    done = cli("check", "deck.md", "--quiet")
    last = f"deck.md:{9 + drawing.count(chr(10)) + 2}"
    told = {tuple(line.split(": ")[:2]) for line in done.out.splitlines() if line.startswith("deck.md")}
    assert ("deck.md:5:1", "endless-script error") in told, done.out
    assert (f"{last}:1", "slide-overflow error") in told, done.out
    assert not [what for place, what in told if what.startswith("endless") and place != "deck.md:5:1"]


@pytest.mark.parametrize("where", ["https://evil.example/", "index.html", pytest.param("other.html", marks=CHECK)])
def test_a_page_that_leaves_stays(measured: Measuring, where: str) -> None:
    leaving = section("two", f'<meta http-equiv="refresh" content="0;url={where}">')
    found = measured(section("one") + leaving + section("three"), other_html="other")
    assert [one.id for one in found.slides] == ["one", "two", "three"]
    assert {slide for slide, _ in found.left} == {"two"}


def test_a_page_that_can_not_be_measured_costs_no_other_deck(tmp_path: Path) -> None:
    told: list[str] = []
    for name in "ab":
        (tmp_path / name).mkdir()
    with slides_measured(find_chromium(), told.append) as measure:
        bad = measure(write(tmp_path / "a", "<p>no slides here"))
        good = measure(write(tmp_path / "b", REVEAL + section("one")))
    assert "reveal.js did not start" in bad.failed
    assert [one.id for one in good.slides] == ["one"]
    assert told == []


@pytest.mark.parametrize(
    "answer", ["{id: 1}", *(pytest.param(text, marks=CHECK) for text in ("[]", "'much'", "{id: 'one', below: 1e99}"))]
)
def test_a_page_that_answers_for_castdeck_is_told(measured: Measuring, answer: str) -> None:
    own = f"<script>Object.defineProperty(window, 'castdeckMeasure', {{ value: () => ({answer}) }});</script>"
    found = measured(section("one") + own)
    assert found.slides == ()
    assert found.failed.startswith("the page does not answer with sizes: ")


def test_a_formula_s_error_without_a_reason_is_no_fault(measured: Measuring) -> None:
    found = measured(section("one", '<span class="katex-error">x</span>'))
    assert [(wrong.kind, wrong.text, wrong.why) for one in found.slides for wrong in one.wrong] == [
        ("formula", "x", "")
    ]
    text = "# One {#one}\n"
    deck = parse_deck(text, Path("deck.md"))
    files = CheckedDeck(deck, subjects(deck, DeckText(text), 80))
    assert "this formula can't be drawn: no reason given" in [one.message for one in slide_problems(files, found)]


def test_dialogs_hold_nothing_up(page: Page, tmp_path: Path) -> None:
    page.open(write(tmp_path, "<script>alert(1); confirm(2); prompt(3);</script>"), 800, 600)
    assert page.evaluate("1 + 1") == 2
