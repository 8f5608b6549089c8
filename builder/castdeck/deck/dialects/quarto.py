"""Quarto's slides for reveal.js: pandoc's, with a slide level of 2, cells of code, and settings under `format:`."""

from collections.abc import Mapping
from dataclasses import replace

from castdeck.deck.dialects.pandoc import PANDOC

_LEVEL = 2
_NAMES = {
    "width": "width",
    "height": "height",
    "margin": "margin",
    "transition": "transition",
    "slide-number": "slideNumber",
    "incremental": "incremental",
    "slide-level": "slide-level",
    "footer": "footer",
}


def _own_settings(settings: Mapping[str, object]) -> dict[str, object]:
    """What stands under `format: revealjs:`, by castdeck's names."""
    formats = settings.get("format")
    theirs = formats.get("revealjs") if isinstance(formats, dict) else None
    given = theirs if isinstance(theirs, dict) else {}
    found = {own: given[name] for name, own in _NAMES.items() if name in given and own not in settings}
    if "<" in str(found.get("footer", "")):
        del found["footer"]
    return {"slide-level": _LEVEL, **found}


QUARTO = replace(
    PANDOC,
    name="quarto",
    tool="Quarto",
    telling=frozenset({"format", "execute", "knitr", "jupyter", "title-slide-attributes", "date-format"}),
    settings=PANDOC.settings | {"editor", "engine", "filters", "code-fold", "image", "css", "logo", "abstract", "toc"},
    heeded=PANDOC.heeded | {"format"},
    themes=frozenset(),
    signs=(),
    shows_cells=False,
    own_settings=_own_settings,
)
