"""How long a live terminal takes in the preview, in Chromium, from the key `y` to its prompt, on slides of a deck.

.venv/bin/python benchmarks/live_terminal.py [--deck docker] [--times 10] [--cold 3] [BLOCK...]

"Cold" is the first terminal of a new preview, "warm" are those after it on the same slide, whose state is loaded.
Before that each state is made, where it is not kept yet, and its containers are listed.
"""

import argparse
import shutil
import statistics
import sys
import time
from pathlib import Path

from live_reload import FLAGS
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.live import deck_frame
from tests.terminals.preview import Preview, serving

BLOCKS = ("stop-start-1", "hello-world-1", "os-release-1", "ps-1")
_LIST = "docker ps -a --format '{{.Names}}: {{.Image}}, {{.State}}'"
_PATIENCE = 600_000  # milliseconds
_PAUSE = 2.0  # seconds before a key is pressed: the machine before it has ended


def opened(browser: Browser, served: Preview, block: str) -> Page:
    """A page on the slide of a block."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.set_default_timeout(_PATIENCE)
    page.goto(f"{served.address}#/{block.rpartition('-')[0]}")
    deck_frame(page).wait_for_selector(f"[data-block='{block}'] .take", state="attached")
    return page


def seconds(page: Page) -> float:
    """From the key to the prompt; the recording is put back afterwards."""
    time.sleep(_PAUSE)
    began = time.monotonic()
    page.keyboard.press("y")
    page.wait_for_selector('.live[data-state="running"]')
    took = time.monotonic() - began
    page.click(".live >> text=Put back")
    return took


def told(what: str, block: str, found: list[float]) -> None:
    """One row."""
    spread = f"from {min(found):.2f} to {max(found):.2f}"
    print(f"{block:16} {what}: median {statistics.median(found):.2f} s, {spread}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("blocks", nargs="*", default=BLOCKS)
    arguments.add_argument("--deck", default="docker")
    arguments.add_argument("--times", type=int, default=10)
    arguments.add_argument("--cold", type=int, default=3)
    given = arguments.parse_args()
    root = Path(__file__).parents[1]
    deck = root / "slides" / given.deck / "deck.md"
    with serving(root, deck, given.deck) as served:
        for block in given.blocks:
            with served.terminal(block, waits=False) as terminal:
                terminal.patience = _PATIENCE / 1000
                terminal.state("running")
                listed = terminal.asked(_LIST)
                print(f"{block}: containers {'; '.join(listed.split(chr(10))).strip('; ') or 'none'}", flush=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for block in given.blocks:
            cold, warm = [], []
            for number in range(given.cold):
                with serving(root, deck, given.deck) as served:
                    page = opened(browser, served, block)
                    cold.append(seconds(page))
                    if number == given.cold - 1:
                        warm = [seconds(page) for _ in range(given.times)]
                    page.close()
            told("cold", block, cold)
            told("warm", block, warm)
        browser.close()


if __name__ == "__main__":
    main()
