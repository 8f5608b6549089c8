"""From Reveal.next() to the frame with the next slide, in a small deck and a large one; beside unchanged reveal.js.

    .venv/bin/python benchmarks/next_slide.py

The decks have no terminals. Each is built with castdeck's reveal.js and with reveal.js as it comes from npm. They
take turns in the same Chromium; half of the steps are made at the start of the deck, half at its end.
"""

import argparse
import shutil
import statistics
import tempfile
import tomllib
from pathlib import Path

from live_reload import FLAGS
from play import castdeck_site
from playwright.sync_api import Browser, sync_playwright

CHANGES = Path(__file__).parents[1] / "builder/browser/reveal-changes.toml"
STEPS = 8
NEXT = """async (steps) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel(); // its message comes right after the frame
    channel.port1.onmessage = done;
    channel.port2.postMessage(null);
  }));
  const taken = [];
  for (let step = 0; step < steps; step += 1) {
    await new Promise((done) => setTimeout(done, 100));
    await frame();
    const before = performance.now();
    Reveal.next();
    await painted();
    taken.push(performance.now() - before);
  }
  return taken;
}"""


def measure(browser: Browser, index: Path) -> list[float]:
    """Milliseconds of each step."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(index.as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    page.wait_for_timeout(1500)
    taken = page.evaluate(NEXT, STEPS)
    page.evaluate("steps => Reveal.slide(Reveal.getTotalSlides() - steps - 2)", STEPS)
    taken += page.evaluate(NEXT, STEPS)
    page.close()
    return [float(one) for one in taken]


def unchanged(index: Path) -> Path:
    """A copy of the site with reveal.js as it comes from npm."""
    copy = Path(shutil.copytree(index.parent, index.parent.with_name("unchanged")))
    library = copy / "lib/reveal.js"
    text = library.read_text(encoding="utf-8")
    for change in tomllib.loads(CHANGES.read_text(encoding="utf-8"))["change"]:
        text = text.replace(change["put"], change["find"])
    library.write_text(text, encoding="utf-8")
    return copy / index.name


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slides", type=int, nargs="+", default=[20, 2000])
    parser.add_argument("--times", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="castdeck-benchmark-") as name:
        decks = {}
        for slides in options.slides:
            folder = Path(name, str(slides))
            folder.mkdir()
            decks["castdeck", slides] = castdeck_site(folder, slides, 0)
            decks["with unchanged reveal.js", slides] = unchanged(decks["castdeck", slides])
        runs: dict[tuple[str, int], list[float]] = {deck: [] for deck in decks}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for _ in range(options.times):
                for deck, index in decks.items():
                    runs[deck] += measure(browser, index)
            browser.close()
    print("| deck | slides | median ms | p95 ms |")
    print("|---|---|---|---|")
    for (title, slides), taken in runs.items():
        print(f"| {title} | {slides} | {statistics.median(taken):.0f} | {statistics.quantiles(taken, n=20)[-1]:.0f} |")


if __name__ == "__main__":
    main()
