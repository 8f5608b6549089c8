"""A deck of 500 slides and 200 casts in the browser: time to the first slide, memory; beside reveal-md's without casts.

    .venv/bin/python benchmarks/play.py --peers FOLDER    # FOLDER: where reveal-md is installed, see README.md

Both decks are built to a folder and served by the same small server to the same Chromium. The clock runs from the
navigation's start to the frame in which the first slide is laid out by reveal.js. Memory is the page's heap and the
renderer process's resident set, after a garbage collection on the first slide, and again after 30 slides.
"""

import argparse
import shutil
import statistics
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from decks import deck, slide
from live_reload import FLAGS
from playwright.sync_api import Browser, sync_playwright

from castdeck.cast.model import Cast, Event
from castdeck.deck import parse_deck
from castdeck.render import load_theme, render_deck, write_site

FIRST = "() => window.Reveal && Reveal.isReady() && document.querySelector('.slides .present:not(.stack)')"
STARTED = "() => new Promise((done) => requestAnimationFrame(() => done(performance.now())))"


def cast(number: int) -> Cast:
    """Two commands of 20 lines each, typed key by key."""
    events, now = [Event(0.0, "o", "$ ")], 0.0
    for command in (f"seq {number} {number + 19}", "ls -l /usr/share | head -20"):
        events.append(Event(now, "m", command))
        for key in command:
            now += 0.05
            events.append(Event(now, "o", key))
        for line in range(20):
            now += 0.02
            events.append(Event(now, "o", f"\r\n\x1b[32m{number + line}\x1b[0m a line of some output, number {line}"))
        events.append(Event(now, "o", "\r\n$ "))
    return Cast(100, 30, tuple(events))


def castdeck_site(folder: Path, slides: int, casts: int) -> Path:
    """Our deck: of `slides` slides so many as `casts` with a terminal, as many casts in it."""
    texts = [
        slide(number)
        + (f"\n```bash\nseq {number} {number + 19}\nls -l /usr/share | head -20\n```\n" * (number <= casts))
        for number in range(1, slides + 1)
    ]
    path = folder / "deck.md"
    read = parse_deck("\n---\n\n".join(texts), path)
    recorded = {block.name: cast(number) for number, block in enumerate(read.blocks, 1)}
    theme = load_theme()
    return write_site(render_deck(read, recorded, theme), recorded, theme, folder / "castdeck")


def reveal_md_site(folder: Path, peers: Path, slides: int) -> Path:
    """The same slides as reveal-md makes them, without casts."""
    (folder / "plain.md").write_text(deck(slides))
    out = folder / "reveal-md"
    command: list[str | Path] = [
        peers / "node_modules/.bin/reveal-md",
        "plain.md",
        "--separator",
        "^---$",
        "--static",
        out,
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return next(page for page in (out / "plain.html", out / "index.html") if page.exists())


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server for a folder."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def measure(browser: Browser, address: str) -> tuple[float, float, float, float, float]:
    """Milliseconds to the first slide; heap and resident memory in MB on the first slide, and after 30 slides."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(address, wait_until="commit")
    page.wait_for_function(FIRST, polling="raf")
    first = page.evaluate(STARTED)
    page.wait_for_timeout(1500)
    memory = [*_memory(browser, page)]
    for _ in range(30):
        page.evaluate("Reveal.right()")
        page.wait_for_timeout(20)
    page.wait_for_timeout(500)
    memory += _memory(browser, page)
    page.close()
    return first, *memory


def _memory(browser: Browser, page: object) -> tuple[float, float]:
    devtools = page.context.new_cdp_session(page)  # type: ignore[attr-defined]
    devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")["usedSize"]
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    pids = [one["id"] for one in processes if one["type"] == "renderer"]
    return heap / 1e6, max(map(_resident, pids))


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, help="the folder that reveal-md is installed in with npm")
    parser.add_argument("--slides", type=int, default=500)
    parser.add_argument("--casts", type=int, nargs="+", default=[2, 200])
    parser.add_argument("--times", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="castdeck-benchmark-") as name, served(Path(name)) as address:
        folder = Path(name)
        decks = {}
        for casts in options.casts:
            (folder / str(casts)).mkdir()
            decks[f"castdeck, {casts} casts"] = castdeck_site(folder / str(casts), options.slides, casts)
        if options.peers:
            decks["reveal-md, no casts"] = reveal_md_site(folder, options.peers.resolve(), options.slides)
        runs: dict[str, list[tuple[float, ...]]] = {title: [] for title in decks}
        with sync_playwright() as playwright:
            for _ in range(options.times):  # in turn, so that what else the computer does falls on all of them
                for title, index in decks.items():
                    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
                    runs[title].append(measure(browser, f"{address}/{index.relative_to(folder)}"))
                    browser.close()
    print("| deck | first slide ms | best | heap MB | resident MB | heap after 30 | resident after 30 |")
    print("|---|---|---|---|---|---|---|")
    for title, measured in runs.items():
        first, *memory = [statistics.median(values) for values in zip(*measured, strict=True)]
        best = min(values[0] for values in measured)
        print(f"| {title} | {first:.0f} | {best:.0f} | " + " | ".join(f"{figure:.1f}" for figure in memory) + " |")


if __name__ == "__main__":
    main()
