"""Thousands of saves in a row: nothing is missed, and neither the server nor the page grows.

    .venv/bin/python benchmarks/soak.py --saves 10000

Edits of every kind are saved one after the other, without waiting for the page. After each ROUND the page is waited for
and its slides are compared, one by one, with those of a build from the same text; then the memory of the server, of
its helper process and of the page is measured. Ends with status 1 when a slide differs, or when the
memory at the end is more than GROWTH of what it was after the first quarter.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from decks import slide
from playwright.sync_api import CDPSession, Frame, Page, sync_playwright

from castdeck.deck import parse_deck

ROUND = 250
GROWTH = 1.25
SLIDES = 60
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--js-flags=--expose-gc"]
CAST = """{"version": 2, "width": 80, "height": 24}
[0.0, "o", "$ "]
[0.0, "m", "ls"]
[0.0, "i", "ls\\r"]
[0.0, "o", "ls\\r\\n"]
[0.1, "o", "run %d\\r\\n"]
[0.2, "o", "$ "]
"""


@dataclass(frozen=True)
class Memory:
    """Megabytes: the server and its helper (resident), and what the page's scripts hold, and its DOM nodes."""

    server: float
    helper: float
    page: float
    nodes: int


class Author:
    """Edits a deck at random, always in the same way for the same seed."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.random = random.Random(seed)
        self.slides = [slide(number) for number in range(1, SLIDES + 1)]
        self.edits = 0
        self.write()

    def write(self) -> None:
        """Save, now and then by renaming as many editors do."""
        text = "\n---\n\n".join(self.slides)
        if self.edits % 3 == 0:
            part = self.path.with_name("part")
            part.write_text(text)
            part.replace(self.path)
        else:
            self.path.write_text(text)

    def edit(self) -> None:
        """One edit: mostly words; sometimes a slide comes, goes, moves, or its cast changes."""
        self.edits += 1
        place = self.random.randrange(len(self.slides))
        kind = self.random.random()
        if kind < 0.1 and len(self.slides) < SLIDES + 10:
            self.slides.insert(place, slide(1000 + self.edits))
        elif kind < 0.2 and len(self.slides) > SLIDES - 10:
            del self.slides[place]
        elif kind < 0.27:
            self.slides.insert(self.random.randrange(len(self.slides)), self.slides.pop(place))
        elif kind < 0.32:
            self.slides[place] += f"\n```bash\necho {self.edits}\n```\n"
        elif kind < 0.36:
            self.slides[place] = slide(self.random.randrange(1, SLIDES))
        elif kind < 0.40:
            self.record(place)
        else:
            self.slides[place] = self.slides[place].replace("Some words", f"Words {self.edits}", 1)
            self.slides[place] = re.sub(r"Words \d+", f"Words {self.edits}", self.slides[place], count=1)
        self.write()

    def record(self, place: int) -> None:
        """A cast for the first block of one slide, if it has one."""
        deck = parse_deck("\n---\n\n".join(self.slides), self.path)
        casts = self.path.parent / "casts"
        casts.mkdir(exist_ok=True)
        for block in deck.slides[place].blocks[:1]:
            (casts / f"{block.name}.cast").write_text(CAST % self.edits)


@contextmanager
def previewing(folder: Path) -> Iterator[tuple[int, str]]:
    """A running preview of the folder's deck: its process id and its address."""
    command = [sys.executable, "-m", "castdeck", "serve", "deck.md", "--port", "0", "--recordings", "casts"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout and process.stderr
    try:
        yield process.pid, process.stdout.readline().strip()
        assert process.poll() is None, process.stderr.read()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def built_slides(folder: Path) -> list[str]:
    """The text of each slide of a build from the same files."""
    command = [
        sys.executable,
        "-m",
        "castdeck",
        "build",
        "deck.md",
        "--no-record",
        "--recordings",
        "casts",
        "--out",
        "out",
    ]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    html = (folder / "out/index.html").read_text()
    return re.findall(r"<section id=.*?</section>", html, re.DOTALL)


def shown_slides(page: Page, built: list[str]) -> list[str]:
    """The slides that the page does not show as they were built: number, what was built, what is shown."""
    compare = """built => {
        const text = (element) => {
            const copy = element.cloneNode(true);
            copy.querySelectorAll(".player, .count, .copy, .live-badge").forEach((part) => part.replaceChildren());
            return copy.id + copy.textContent.replace(/\\s+/g, " ");
        };
        const template = document.createElement("template");
        template.innerHTML = built.join("");
        const wanted = [...template.content.children].map(text);
        const found = [...document.querySelectorAll(".slides > section")].map(text);
        const numbers = Array.from({ length: Math.max(wanted.length, found.length) }, (_, number) => number);
        const wrong = numbers.filter((number) => wanted[number] !== found[number]);
        return wrong.map((number) => `${number}\\n  built: ${wanted[number]}\\n  shown: ${found[number]}`);
    }"""
    found: list[str] = deck_frame(page).evaluate(compare, built)
    return found


def deck_frame(page: Page) -> Frame:
    """The frame that the preview has the deck in, a process of its own."""
    element = page.wait_for_selector("iframe")
    frame = element.content_frame() if element else None
    assert frame
    return frame


def wait_until_right(page: Page, folder: Path, seconds: float = 10) -> list[str]:
    """The slides that are still wrong after so many seconds; [] as soon as there are none."""
    built = built_slides(folder)
    deadline = time.monotonic() + seconds
    while (wrong := shown_slides(page, built)) and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    return wrong


def memory(pid: int, page: Page, session: CDPSession) -> Memory:
    """What is held now, after the page's garbage was collected."""
    session.send("HeapProfiler.collectGarbage")
    counters = session.send("Memory.getDOMCounters")
    used = session.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    helpers = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return Memory(resident(pid), sum(resident(int(helper)) for helper in helpers), used, counters["nodes"])


def resident(pid: int) -> float:
    """Megabytes of a process in memory."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1000 if found else 0.0


def soak(saves: int, seed: int, say: bool = True) -> list[str]:
    """Run it; what was wrong, in words."""
    with tempfile.TemporaryDirectory(prefix="castdeck-soak-") as name, sync_playwright() as playwright:
        folder = Path(name)
        author = Author(folder / "deck.md", seed)
        with previewing(folder) as (pid, address):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(address)
            deck = deck_frame(page)
            deck.wait_for_function("() => window.Reveal && Reveal.isReady()")
            deck.evaluate("window.marked = true")
            session = page.context.new_cdp_session(deck)
            seen: list[Memory] = []
            while author.edits < saves:
                for _ in range(min(ROUND, saves - author.edits)):
                    author.edit()
                    page.wait_for_timeout(author.random.choice((0, 1, 5, 20, 50)))
                    if author.edits % 10 == 0:
                        page.keyboard.press(author.random.choice(("ArrowRight", "ArrowRight", "ArrowLeft", "t")))
                if wrong := wait_until_right(page, folder):
                    return [f"after {author.edits} saves", *wrong]
                seen.append(memory(pid, page, session))
                if say:
                    print(f"{author.edits} saves: {seen[-1]}", flush=True)
            if not deck.evaluate("window.marked === true"):
                errors.append("the page was loaded anew")
            browser.close()
        return errors + grown(seen)


def grown(seen: list[Memory]) -> list[str]:
    """What is larger at the end than after the first quarter, by more than GROWTH."""
    first, last = seen[len(seen) // 4], seen[-1]
    return [
        f"{name} grew from {getattr(first, name):.0f} to {getattr(last, name):.0f}"
        for name in ("server", "helper", "page", "nodes")
        if getattr(last, name) > GROWTH * getattr(first, name)
    ]


def main() -> None:
    """Soak, and end with 1 when something was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--saves", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    problems = soak(options.saves, options.seed)
    print("\n".join(problems) or "nothing missed, nothing grew")
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
