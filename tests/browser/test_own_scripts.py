"""A built deck on an ordinary server, which hands out any file: which of them run as scripts."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.live import deck_frame, serving
from tests.conftest import Cli

pytestmark = pytest.mark.browser
RAN = "() => JSON.stringify(window.ran || [])"
DECK = """# One {#one}

[notes](notes.txt) ![x](x.png)

<script src="notes.txt"></script>
<script src="x.png"></script>
<svg><script href="notes.txt"></script></svg>
<script>(window.ran ||= []).push("inline")</script>
<script src="chart.js"></script>
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "deck.md").write_text(DECK)
    for name in ("notes.txt", "x.png", "chart.js"):
        (folder / name).write_text(f'(window.ran ||= []).push("{name}")')
    return folder


@pytest.fixture
def site(course: Path) -> Iterator[str]:
    """The address of the built deck."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(course))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/public/course/index.html"
        server.shutdown()


def ran(chromium: Browser, address: str) -> object:
    page = chromium.new_page()
    page.goto(address)
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    found = page.evaluate(RAN)
    page.close()
    return found


def test_only_a_trusted_deck_runs_its_scripts(chromium: Browser, course: Path, site: str, cli: Cli) -> None:
    cli("build", "deck.md", "--no-record", cwd=course)
    assert ran(chromium, site) == "[]"
    cli("trust", "deck.md", "--yes", cwd=course)
    cli("build", "deck.md", "--no-record", cwd=course)
    assert '"inline","chart.js"' in str(ran(chromium, site))


def test_the_preview_of_a_trusted_deck_runs_its_scripts_in_its_frame(chromium: Browser, course: Path, cli: Cli) -> None:
    cli("trust", "deck.md", "--yes", cwd=course)
    with serving(course, "deck.md", "--port", "0") as address:
        page = chromium.new_page()
        page.goto(address)
        frame = deck_frame(page)
        frame.wait_for_function("window.Reveal && Reveal.isReady()")
        assert '"inline","chart.js"' in frame.evaluate(RAN)
        assert frame.evaluate("() => { try { return parent.document.title; } catch { return 'no'; } }") == "no"
        assert frame.evaluate("origin") == "null"
        page.close()
