"""Makes docs/slide.webp, the moving picture in the README, from the Docker deck: `python docs/picture.py`.

It needs Chromium, and Pillow besides the packages of the development group (`pip install pillow`).
"""

import io
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

DOCS = Path(__file__).parent
DECK, SLIDE, BLOCK = "docker", "ps", "ps-1"
WIDTH, HEIGHT = 800, 450
STEP, LAST = 60, 4000  # milliseconds: between two pictures at least, and of the last one
COLOURS = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        build = [sys.executable, "-m", "castdeck", "build", DECK, "--no-record", "--quiet", "--out", f"{folder}/deck"]
        subprocess.run(build, cwd=DOCS.parent, check=True, stdout=subprocess.DEVNULL)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"{Path(folder, 'deck/index.html').as_uri()}#/{SLIDE}")
        page.wait_for_selector(".reveal.ready")
        page.evaluate("() => document.fonts.ready")
        pictures = [(picture(page), 1500)]
        page.keyboard.press("e")
        while page.get_attribute(f'[data-block="{BLOCK}"]', "data-state") != "ended":
            begun = time.monotonic()
            page.wait_for_timeout(STEP)
            data = picture(page)
            add(pictures, data, round(1000 * (time.monotonic() - begun)))
        pictures[-1] = (pictures[-1][0], LAST)
        browser.close()
    images = [Image.open(io.BytesIO(data)).convert("RGB") for data, _ in pictures]
    both = Image.new("RGB", (WIDTH, 2 * HEIGHT))  # one palette for all, so that what stands still costs nothing
    both.paste(images[0], (0, 0))
    both.paste(images[-1], (0, HEIGHT))
    palette = both.quantize(COLOURS)
    images = [image.quantize(palette=palette, dither=Image.Dither.NONE).convert("RGB") for image in images]
    target = DOCS / "slide.webp"
    durations = [milliseconds for _, milliseconds in pictures]
    images[0].save(
        target, save_all=True, append_images=images[1:], duration=durations, loop=0, lossless=True, minimize_size=True
    )
    print(f"{target}: {len(images)} pictures, {target.stat().st_size // 1024} KiB")


def picture(page: Page) -> bytes:
    return page.screenshot()


def add(pictures: list[tuple[bytes, int]], data: bytes, took: int) -> None:
    """A picture that is like the one before makes that one last longer."""
    last, milliseconds = pictures[-1]
    if data == last:
        pictures[-1] = (last, milliseconds + took)
    else:
        pictures.append((data, took))


if __name__ == "__main__":
    main()
