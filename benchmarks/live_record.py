"""From a save of changed commands to the new recording on the slide, beside recording the whole deck.

    .venv/bin/python benchmarks/live_record.py

Works on a copy of this repository's Docker deck. First the whole deck is recorded from nothing, as `castdeck record`
does. Then it is previewed with --record, and a command of one slide is changed SAVES times: the clock runs from the end
of writing the file until the page plays the new recording. `commands` is how long the changed block's own commands ran.
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Frame, Page, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
CHANGES = {
    "ps": (r"docker ps --format \"\$F\"", 'docker ps --format "$F"'),
    "os-release": (r"docker run --rm debian uname -r", "docker run --rm debian uname -r"),
    "menage": (r"docker container prune -f", "docker container prune -f"),
}
SAVES = 3
PATIENCE = 300_000  # milliseconds


def copied(folder: Path) -> Path:
    """A workspace with nothing but the Docker deck, without recordings; the deck's path."""
    shutil.copy(ROOT / "castdeck.toml", folder)
    shutil.copytree(ROOT / "slides/docker", folder / "slides/docker")
    return folder / "slides/docker/deck.md"


def record_all(folder: Path) -> float:
    """Seconds that it takes to record the whole deck."""
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "castdeck", "record", "docker", "--quiet"], cwd=folder, check=True)
    return time.monotonic() - began


@contextmanager
def previewing(folder: Path) -> Iterator[str]:
    """The address of a preview that records in the background."""
    command = [sys.executable, "-m", "castdeck", "serve", "docker", "--port", "0", "--record"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=60)


def save(page: Page, path: Path, slide: str, number: int) -> float:
    """Change the slide's command; seconds from the end of writing until the page plays what was recorded of it."""
    deck = deck_frame(page)
    pattern, command = CHANGES[slide]
    word = f"essai{number}-{slide}"
    text = re.sub(rf"{pattern}( *#.*)?$", lambda found: f"{command}   # {word}", path.read_text(), count=1, flags=re.M)
    assert word in text
    path.write_text(text)
    written = time.time()
    deck.wait_for_function(
        """word => {
            const terminal = document.querySelector('.present .terminal');
            return terminal?.querySelector('script').textContent.includes(word);
        }""",
        arg=word,
        timeout=PATIENCE,
        polling=20,
    )
    page.keyboard.press("t")
    deck.wait_for_selector('.present .terminal[data-state="playing"]')
    seconds = time.time() - written
    deck.evaluate("Reveal.navigateFragment(-1)")
    return seconds


def deck_frame(page: Page) -> Frame:
    """The frame that the preview has the deck in."""
    element = page.wait_for_selector("iframe")
    frame = element.content_frame() if element else None
    assert frame
    return frame


def command_seconds(folder: Path, slide: str) -> float:
    """How long the commands of the slide's block ran when they were recorded last."""
    index = json.loads((folder / "recordings/docker/index.json").read_text())
    return sum(float(command["seconds"]) for command in index["blocks"][f"{slide}-1"]["commands"])


def wait_until_idle(page: Page) -> None:
    """Wait until nothing is left to record, and the machine is back where it is wanted."""
    deck_frame(page).wait_for_function("() => !document.querySelector('.live-badge')", timeout=PATIENCE)
    page.wait_for_timeout(8000)


def measure(folder: Path, address: str, slides: Iterable[str], saves: int) -> Iterator[str]:
    """A line of the table for each slide that is changed: the first save, then the median of the others."""
    path = folder / "slides/docker/deck.md"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        for slide in slides:
            page.goto(f"{address}#/{slide}")
            deck_frame(page).wait_for_function("() => window.Reveal && Reveal.isReady()")
            seconds = []
            for number in range(saves + 1):
                seconds.append(save(page, path, slide, number))
                wait_until_idle(page)
            again = statistics.median(seconds[1:])
            yield f"| {slide} | {seconds[0]:.1f} | {again:.1f} | {command_seconds(folder, slide):.1f} |"
        browser.close()


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saves", type=int, default=SAVES)
    parser.add_argument("--slides", nargs="+", choices=CHANGES, default=list(CHANGES))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="castdeck-benchmark-") as name:
        folder = Path(name)
        copied(folder)
        print(f"the whole deck, from nothing: {record_all(folder):.1f} s\n", flush=True)
        print("| changed slide | first save s | next saves s | its commands s |\n|---|---|---|---|", flush=True)
        with previewing(folder) as address:
            for line in measure(folder, address, options.slides, options.saves):
                print(line, flush=True)


if __name__ == "__main__":
    main()
