"""From a save to the new text painted: castdeck beside reveal-md, Marp and Slidev.

    .venv/bin/python benchmarks/live_reload.py --peers FOLDER    # FOLDER: where the peers are installed, see README.md

Each tool previews the same deck in the same Chromium, on the same slide in the deck's middle. A save writes a new word
on that slide. The clock runs from the end of writing the file to the frame in which the word is painted: the first
requestAnimationFrame after the DOM holds it, on the system's clock on both sides. The peers are left out where they are
not installed, or take longer than TOO_LONG to show a save.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from decks import deck
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

SAVES = 50
WARM_UP = 3
TOO_LONG = 30.0
START_LIMIT = 120.0
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
# Tells when a word is painted. A page that loads itself anew runs it anew, before anything of its own. What stands in a
# <script> (reveal-md's markdown does at first) is not in the page yet.
WATCH = """
new MutationObserver((changes) => {
  for (const { target, addedNodes } of changes) {
    for (const node of addedNodes.length ? addedNodes : [target]) {
      const word = node.textContent.match(/marker[0-9]+/)?.[0];
      if (!word || word === window.lastMarker) continue;
      const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      for (let text = node.nodeType === 3 ? node : texts.nextNode(); text; text = texts.nextNode()) {
        if (!text.data.includes(word) || text.parentElement?.closest("script, style, template")) continue;
        window.lastMarker = word;
        requestAnimationFrame(() => window.painted(word, performance.timeOrigin + performance.now()));
        break;
      }
    }
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""


@dataclass(frozen=True)
class Tool:
    """How a tool previews `deck.md` in a folder: its command, and its address of a slide (counted from 1)."""

    name: str
    command: Callable[[Path, int], list[str]]
    address: Callable[[int, int], str]


def tools(peers: Path | None) -> list[Tool]:
    """castdeck, and the peers that are installed in `peers`."""
    own = [sys.executable, "-m", "castdeck"]
    found = [
        Tool(
            "castdeck",
            lambda folder, port: [*own, "serve", "deck.md", "--port", str(port)],
            lambda port, number: f"http://127.0.0.1:{port}/#/{number - 1}",
        )
    ]
    programs = peers / "node_modules/.bin" if peers else Path("nowhere")
    if (programs / "reveal-md").exists():
        found.append(
            Tool(
                "reveal-md",
                lambda folder, port: [
                    str(programs / "reveal-md"), "deck.md", "--watch", "--disable-auto-open",
                    "--separator", "^---$", "--port", str(port),
                ],
                lambda port, number: f"http://127.0.0.1:{port}/deck.md#/{number - 1}",
            )
        )  # fmt: skip
    if (programs / "slidev").exists():
        found.append(
            Tool(
                "slidev",
                lambda folder, port: [str(programs / "slidev"), "deck.md", "--port", str(port)],
                lambda port, number: f"http://localhost:{port}/{number}",
            )
        )
    if (programs / "marp").exists():
        found.append(
            Tool(
                "marp",
                lambda folder, port: [str(programs / "marp"), "--server", "--watch", str(folder)],
                lambda port, number: f"http://127.0.0.1:{port}/deck.md#{number}",
            )
        )
    return found


@contextmanager
def previewing(tool: Tool, folder: Path, port: int) -> Iterator[None]:
    """The tool's server, ended with all that it started."""
    environment = {**os.environ, "PORT": str(port), "CI": "1"}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            tool.command(folder, port),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def open_slide(browser: Browser, address: str, words: str, painted: dict[str, float]) -> Page:
    """A page of the preview that shows the slide with those words; `painted` hears of each marker, in seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True)
    page = context.new_page()
    page.expose_function("painted", lambda word, at: painted.setdefault(word, at / 1000))
    page.add_init_script(WATCH)
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            page.goto(address, timeout=START_LIMIT * 1000)
            break
        except BrowserError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
    wait_for_text(page, words, deadline)
    return page


def wait_for_text(page: Page, words: str, deadline: float) -> None:
    """Wait until the page shows the words, in a frame or not: castdeck has the deck in one."""
    while not any(frame.get_by_text(words).first.is_visible() for frame in page.frames):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{words!r} is not shown")
        page.wait_for_timeout(2)


def measure(tool: Tool, slides: int, browser: Browser, saves: int, near: Path | None) -> tuple[float, list[float]]:
    """Seconds from the command to the slide on the page, and for each save the seconds until it was painted.

    The deck is put into a folder in `near`: Slidev looks for its theme above the deck.
    """
    with tempfile.TemporaryDirectory(prefix="castdeck-benchmark-", dir=near) as name:
        folder, port, middle = Path(name), free_port(), (slides + 1) // 2
        path = folder / "deck.md"
        path.write_text(deck(slides))
        painted: dict[str, float] = {}
        began = time.monotonic()
        with previewing(tool, folder, port):
            page = open_slide(browser, tool.address(port, middle), f"the first point of {middle}", painted)
            started = time.monotonic() - began
            try:
                page.wait_for_timeout(6000)
                return started, [
                    save(page, path, slides, middle, number, painted) for number in range(saves + WARM_UP)
                ][WARM_UP:]
            finally:
                page.context.close()


def save(page: Page, path: Path, slides: int, middle: int, number: int, painted: dict[str, float]) -> float:
    """Seconds from the end of writing to the word's frame. Raises TimeoutError after TOO_LONG."""
    word = f"marker{number}"
    text = deck(slides, word, middle)
    with path.open("w") as file:
        file.write(text)
    written = time.time()
    while word not in painted:
        page.wait_for_timeout(5)
        if time.time() - written > TOO_LONG:
            raise TimeoutError
    page.wait_for_timeout(700 + 37 * (number % 10))
    return painted[word] - written


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def report(tool: str, slides: int, started: float, seconds: list[float]) -> str:
    """A line of the table, in milliseconds; the start in seconds."""
    ranked = sorted(seconds)
    high = ranked[max(0, round(0.95 * len(ranked)) - 1)]
    return f"| {tool} | {slides} | {1000 * statistics.median(ranked):.0f} | {1000 * high:.0f} | {started:.1f} |"


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, help="the folder that the peers are installed in with npm")
    parser.add_argument("--slides", type=int, nargs="+", default=[20, 200, 2000])
    parser.add_argument("--saves", type=int, default=SAVES)
    parser.add_argument("--only", nargs="+", help="only these tools")
    options = parser.parse_args()
    peers = options.peers.resolve() if options.peers else None
    print("| tool | slides | median ms | p95 ms | start to slide s |\n|---|---|---|---|---|", flush=True)
    with sync_playwright() as playwright:
        for slides in options.slides:
            for tool in tools(peers):
                if options.only and tool.name not in options.only:
                    continue
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                try:
                    print(report(tool.name, slides, *measure(tool, slides, browser, options.saves, peers)), flush=True)
                except (TimeoutError, BrowserError) as error:
                    reason = (
                        str(error).splitlines()[0] if str(error) else f"a save was not seen within {TOO_LONG:.0f} s"
                    )
                    print(f"| {tool.name} | {slides} | {reason} | | |", flush=True)
                finally:
                    browser.close()


if __name__ == "__main__":
    main()
