"""A flood of output in a live terminal of the preview, in Chromium: how fast it is shown, and how soon Ctrl-C answers.

.venv/bin/python benchmarks/live_flood.py [--machine local] [--megabytes 100] [--times 5]

`local` is the sandbox on this computer, to be allowed before: castdeck machine allow local.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from live_reload import FLAGS
from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.live import write_cast

_DECK = "---\nmachine: {machine}\n---\n# One {{#one}}\n\n```bash\ntrue\n```\n"
_ROWS = "(document.querySelector('.live .xterm-rows')?.innerText ?? '')"
_PATIENCE = 60_000  # milliseconds
_SHOWS = f"text => {_ROWS}.split('\\n').some(line => line.trim() === text)"


def _live(page: Page, address: str) -> None:
    page.goto(address)
    element = page.wait_for_selector("iframe")
    frame = element and element.content_frame()
    assert frame
    frame.wait_for_selector("#one .take", state="attached")
    page.keyboard.press("y")
    page.wait_for_selector('.live[data-state="running"]', timeout=_PATIENCE)


def flood(page: Page, megabytes: int) -> float:
    """Seconds until so much output and a word after it are shown; nothing may be missing."""
    began = time.monotonic()
    page.keyboard.type(f"yes | head -c {megabytes}000000; echo; echo the-e''nd\n")
    page.wait_for_function(_SHOWS, arg="the-end", timeout=_PATIENCE, polling=200)
    return time.monotonic() - began


def interrupted(page: Page, number: int) -> float:
    """Seconds from Ctrl-C in an endless flood to a word that is typed after it."""
    page.keyboard.type("clear; yes\n")
    page.wait_for_function(_SHOWS, arg="y", timeout=_PATIENCE, polling=200)
    page.wait_for_timeout(2000)
    began = time.monotonic()
    page.keyboard.press("Control+c")
    page.keyboard.type(f"echo sto''pped-{number}\n")
    page.wait_for_function(_SHOWS, arg=f"stopped-{number}", timeout=_PATIENCE)
    return time.monotonic() - began


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--machine", default="local")
    arguments.add_argument("--megabytes", type=int, default=100)
    arguments.add_argument("--times", type=int, default=5)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "deck.md").write_text(_DECK.format(machine=given.machine))
        write_cast(Path(folder) / "casts", "one-1", ("true", ""))
        command = [sys.executable, "-m", "castdeck", "serve", "deck.md", "--port", "0", "--recordings", "casts"]
        with (
            subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as process,
            sync_playwright() as it,
        ):
            assert process.stdout
            browser = it.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page()
            _live(page, process.stdout.readline().strip())
            seconds = flood(page, given.megabytes)
            print(f"{given.megabytes} MB: {seconds:.1f} s, {given.megabytes / seconds:.1f} MB/s")
            stops = [interrupted(page, number) for number in range(given.times)]
            print(f"Ctrl-C and a line: median {statistics.median(stops):.2f} s, at most {max(stops):.2f}")
            browser.close()
            process.terminate()


if __name__ == "__main__":
    main()
