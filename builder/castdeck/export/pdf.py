"""Exports a built deck as a PDF, printed by Chromium: one page per slide, terminals with their last screen."""

import base64
from pathlib import Path

from castdeck.chromium import ChromiumError, chromium_page, find_chromium

_READY = """new Promise((done, failed) => {
  setTimeout(() => failed(new Error("the deck's page does not get ready to be printed")), 100000);
  const look = () => document.documentElement.dataset.castdeck === "printed" ? done(true) : setTimeout(look, 20);
  look();
})"""
_SCREEN = (1280, 720)
_PATIENCE = 60.0  # seconds: reveal.js lays hundreds of pages out at one go


def print_pdf(index: Path, *, fragments: bool = False) -> bytes:
    """Print the built deck with the page `index`. The PDF has selectable text, links and bookmarks.

    `fragments`: a page for each step of a slide, and for each command. Raises ChromiumError if Chromium is not
    installed, or fails.
    """
    program = find_chromium()
    if program is None:
        raise ChromiumError(
            "a PDF needs Chromium, which is not on PATH",
            hint="install it (Debian: `apt install chromium`), or set CASTDECK_CHROMIUM=/path/to/chrome",
        )
    with chromium_page(program) as page:
        page.patience = _PATIENCE
        page.open(index, *_SCREEN, query=f"?print-pdf{'&fragments' * fragments}")
        page.evaluate(_READY)
        printed = page.call(
            "Page.printToPDF",
            {
                "printBackground": True,
                "preferCSSPageSize": True,
                "generateTaggedPDF": True,
                "generateDocumentOutline": True,
            },
        )
    return base64.b64decode(printed["data"])
