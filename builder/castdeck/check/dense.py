"""Which slides of a built deck are too full, and where each can be cut."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from castdeck.check.measured import HEIGHT, MEASURE, READY, WIDTH
from castdeck.check.slides import HANGS_OVER
from castdeck.chromium import chromium_page
from castdeck.deck import Deck
from castdeck.deck.split import units


def dense_cuts(deck: Deck, index: Path, program: str) -> dict[str, Sequence[int]]:
    """Where to split the slides that overflow, or whose text is smaller than the theme's minimum: see deck.split.

    `index` is the deck's page; `program` is Chromium. A slide that can't be cut has no cuts. Raises ChromiumError.
    """
    slides = {slide.id: slide for slide in deck.slides}
    cuts: dict[str, Sequence[int]] = {}
    with chromium_page(program) as page:
        page.open(index, WIDTH, HEIGHT)
        page.evaluate(READY)
        found = page.evaluate(MEASURE.read_text(encoding="utf-8"))
        for number, name in enumerate(found["ids"]):
            measured = page.evaluate(f"castdeckMeasure({number})")
            if name in slides and measured and is_dense(measured, found["least"]):
                one = page.evaluate(f"castdeckCuts({number})")
                parts = units(slides[name])
                cuts[name] = one["cuts"] if one["units"] == len(parts) else ()
    return cuts


def is_dense(measured: Mapping[str, float], least: Mapping[str, float]) -> bool:
    """Whether a slide, as measured by measure.js, overflows or has text below the theme's minimum size."""
    return measured["text"] < least["text"] or measured["below"] > HANGS_OVER
