"""Sheets of all slides of decks, in each theme and at four sizes, to look at; and what does not fit, as text.

    .venv/bin/python benchmarks/sheet.py --out /tmp/sheets slides/docker/deck.md [--themes folio,grid]

A sheet is one picture: OUT/DECK-THEME-SIZE.png. Slides are shown as they end, with all steps and each recording played.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from live_reload import FLAGS
from playwright.sync_api import Browser, Page, sync_playwright

from castdeck.cli.build import rendered_deck
from castdeck.cli.record import read_deck
from castdeck.render import ALIASES, known_themes, write_site
from castdeck.workspace import find_deck, find_workspace

SIZES = ("1280x720", "1920x1080", "1024x768", "390x844")
TILE = 420
COLUMNS = 6
READY = "() => window.Reveal && Reveal.isReady()"
GO = """async (number) => {
  const slide = Reveal.getSlides()[number];
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v, Infinity);
  await document.fonts.ready;
  const isPlayed = (one) => !one.querySelector(".command.fragment") || one.dataset.state === "ended";
  return [...slide.querySelectorAll(".terminal")].every(isPlayed) && slide.id;
}"""
WRONG = """() => {
  const body = Reveal.getCurrentSlide().querySelector(":scope > .body");
  const found = [];
  const room = body.getBoundingClientRect();
  const fit = Number(body.style.getPropertyValue("--fit") || 1);
  if (fit < 0.75) found.push(`letters at ${Math.round(100 * fit)} %`);
  if (body.scrollHeight > body.clientHeight + 1) found.push(`${body.scrollHeight - body.clientHeight} px too high`);
  for (const one of body.querySelectorAll("h1, h2, h3, p, li, td, img, .line, .figure, .terminal, .column")) {
    const { left, right, bottom, width } = one.getBoundingClientRect();
    const isApart = one.closest(".transcript, .player, [hidden]") || getComputedStyle(one).visibility !== "visible";
    if (width && !isApart && (right > room.right + 2 || left < room.left - 2 || bottom > room.bottom + 2))
      found.push(`${one.tagName.toLowerCase()} sticks out: ${one.textContent.trim().slice(0, 30)}`);
  }
  for (const frame of body.querySelectorAll(".terminal")) {
    const { rows, leastRows } = frame.dataset;
    const shown = Number(getComputedStyle(frame).getPropertyValue("--rows"));
    const letters = parseFloat(getComputedStyle(frame).fontSize);
    if (shown < Math.min(rows, leastRows)) found.push(`terminal shows ${shown} rows of ${leastRows}`);
    if (letters < 17.9) found.push(`terminal's letters: ${letters.toFixed(1)} px`);
    const screen = frame.querySelector(".screen").getBoundingClientRect();
    for (const line of frame.querySelectorAll(".player .ap-line")) {
      const { bottom, right } = line.getBoundingClientRect();
      const text = document.createRange();
      text.selectNodeContents(line);
      if (!line.textContent.trim()) continue;
      if (bottom > screen.bottom + 1 || text.getBoundingClientRect().right > screen.right + 1)
        found.push(`cut off in the terminal: ${line.textContent.trim().slice(0, 30)}`);
    }
    const poster = frame.querySelector(".commands");
    if (poster.scrollHeight > poster.clientHeight + 1) found.push("commands cut off before they are played");
  }
  return found;
}"""


def sheet(browser: Browser, index: Path, size: str, out: Path) -> Iterator[str]:
    """Write one sheet; gives what does not fit, a line each."""
    width, height = map(int, size.split("x"))
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(index.as_uri())
    page.wait_for_function(READY)
    shots: list[bytes] = []
    for number in range(page.evaluate("Reveal.getSlides().length")):
        page.wait_for_function(GO, arg=number)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        yield from (f"{page.evaluate('Reveal.getCurrentSlide().id')}: {one}" for one in page.evaluate(WRONG))
        shots.append(page.screenshot(type="jpeg", quality=80))
    page.close()
    out.write_bytes(joined(browser.new_page(), shots, TILE if width > height else TILE // 2))


def joined(page: Page, shots: list[bytes], width: int) -> bytes:
    """The pictures side by side, as one."""
    with tempfile.TemporaryDirectory() as name:
        for number, shot in enumerate(shots):
            Path(name, f"{number}.jpg").write_bytes(shot)
        columns = COLUMNS if width == TILE else 2 * COLUMNS
        tiles = "".join(f'<img src="{number}.jpg" style="width:{width}px">' for number in range(len(shots)))
        grid = f"margin:8px;display:grid;gap:8px;grid-template-columns:repeat({columns},{width}px);background:#777"
        Path(name, "sheet.html").write_text(f'<body style="{grid}">{tiles}')
        page.set_viewport_size({"width": columns * (width + 8) + 8, "height": 600})
        page.goto(Path(name, "sheet.html").as_uri())
        picture = page.screenshot(full_page=True)
        page.close()
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("decks", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--themes", default=",".join(name for name in known_themes(()) if name not in ALIASES))
    parser.add_argument("--sizes", default=",".join(SIZES))
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for path in chosen.decks:
            place = find_deck(str(path), find_workspace(path.parent))
            deck = read_deck(place)
            for theme in chosen.themes.split(","):
                index = write_site(*rendered_deck(place, deck, theme), Path(folder, place.name, theme))
                for size in chosen.sizes.split(","):
                    name = f"{place.name}-{theme}-{size}"
                    for wrong in sheet(browser, index, size, chosen.out / f"{name}.png"):
                        print(f"{name}: {wrong}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
