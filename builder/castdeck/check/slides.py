"""Rules for slides as a browser shows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from castdeck.check.measured import HEIGHT, WIDTH, Measured
from castdeck.check.sizes import Least, SlideSizes
from castdeck.check.subject import CheckedDeck
from castdeck.chromium.page import BLOCKED_FOR, Hang
from castdeck.codes import Code
from castdeck.deck import Slide
from castdeck.problems import Place, Problem
from castdeck.render.vendor import LIBRARY, SCRIPTS

HANGS_OVER = 2  # pixels
_DRAWING = tuple(LIBRARY + name for name in SCRIPTS.values())  # they work on what the deck says


def slide_problems(files: CheckedDeck, found: Measured) -> Iterator[Problem]:
    """Slides that overflow even at the smallest size, and text below the theme's minimum sizes.

    Also scripts that never end, and pages that navigate away.
    """
    least = found.least
    slides = {slide.id: slide for slide in files.deck.slides}
    for name, hang in found.hangs:
        yield _hang(files, slides.get(name), hang)
    for name, address in dict.fromkeys(found.left):
        yield _leaves(files, slides.get(name), address)
    if found.failed:
        message = f"the deck's slides could not all be measured: {found.failed}"
        hint = "what the page does by itself is in the way"
        yield Problem(Code.NOT_MEASURED, Place(files.deck.path, 1), message, hint)
    for one in found.slides:
        if slide := slides.get(one.id):
            place = _SlidePlace(files, slide)
            yield from _overflow(place, one)
            yield from _small_text(place, one, least.text)
            yield from _small_blocks(place, one, least)
            yield from _not_drawn(place, one)


def _hang(files: CheckedDeck, slide: Slide | None, hang: Hang) -> Problem:
    where = f" ({hang.address}:{hang.line})" if hang.address else ""
    if hang.address.startswith(_DRAWING):
        message = f"a formula or diagram on this slide was not drawn within {BLOCKED_FOR:.0f} s{where}"
        return _on_slide(files, slide, Code.ENDLESS_SCRIPT, message, "make it smaller, or show it as a picture")
    if hang.address.startswith(LIBRARY):
        message = f"castdeck's own script was stopped after {BLOCKED_FOR:.0f} s{where}"
        hint = "check again when the computer is less busy; or a script of the deck calls it without end"
        return _on_slide(files, slide, Code.NOT_MEASURED, message, hint)
    message = f"a script on this slide does not end: it was stopped after {BLOCKED_FOR:.0f} s{where}"
    return _on_slide(files, slide, Code.ENDLESS_SCRIPT, message, "take it out, or mend it")


def _leaves(files: CheckedDeck, slide: Slide | None, address: str) -> Problem:
    message = f"the page leaves the deck by itself, for {address}"
    return _on_slide(files, slide, Code.LEAVES_DECK, message, 'take out the <meta http-equiv="refresh"> or the script')


def _on_slide(files: CheckedDeck, slide: Slide | None, code: Code, message: str, hint: str) -> Problem:
    if slide is None:
        return Problem(code, Place(files.deck.path, 1, 1), message, hint)
    return _SlidePlace(files, slide).problem(code, message, hint)


@dataclass(frozen=True)
class _SlidePlace:
    files: CheckedDeck
    slide: Slide

    def problem(self, code: Code, message: str, hint: str, block: str = "") -> Problem:
        """A problem of the slide, or of the block of that name on it."""
        where = next((one for one in self.slide.blocks if one.name == block), self.slide)
        return Problem(code, Place(self.files.deck.file_of(where), where.line, 1), message, hint)


def _not_drawn(place: _SlidePlace, one: SlideSizes) -> Iterator[Problem]:
    for wrong in one.wrong:
        kind, why = wrong.kind, (wrong.why.strip().splitlines() or ["no reason given"])[0].rstrip(":")
        subject = place.files.of(place.slide)
        first = next((line.strip() for line in wrong.text.splitlines() if line.strip()), "")
        code = Code.BROKEN_DIAGRAM if kind == "diagram" else Code.BROKEN_FORMULA
        hint = (
            "Mermaid's syntax: https://mermaid.js.org" if kind == "diagram" else "KaTeX's functions: https://katex.org"
        )
        yield subject.problem(code, f"this {kind} can't be drawn: {why}", place.slide.line, first, hint)


def _overflow(place: _SlidePlace, one: SlideSizes) -> Iterator[Problem]:
    for over, side, whole in ((one.below, "bottom", HEIGHT), (one.beside, "right", WIDTH)):
        if over > HANGS_OVER:
            message = f"the slide hangs over its {side} edge by {over} of {whole} pixels"
            yield place.problem(Code.SLIDE_OVERFLOW, message, "split it in two: readers have to scroll")


def _small_text(place: _SlidePlace, one: SlideSizes, least: float) -> Iterator[Problem]:
    if one.text < least:
        message = f"there is so much on this slide that its text is {_pixels(one.text, least)}"
        yield place.problem(Code.SMALL_TEXT, message, "split it in two, or build with --split-dense")


def _small_blocks(place: _SlidePlace, one: SlideSizes, least: Least) -> Iterator[Problem]:
    for terminal in one.terminals:
        if terminal.size < least.terminal:
            message = f"the terminal's text is {_pixels(terminal.size, least.terminal)}"
            hint = "say less above it, give it fewer rows and cols, or make two blocks of it"
            yield place.problem(Code.SMALL_TERMINAL, message, hint, terminal.name)
    for code in one.code:
        hint = "break long lines, or show fewer"
        if code.wrapped:
            yield place.problem(Code.SMALL_CODE, "this code is too wide for the slide: its lines wrap", hint, code.name)
        elif code.size < least.code and one.text >= least.text:
            message = f"the code's text is {_pixels(code.size, least.code)}"
            yield place.problem(Code.SMALL_CODE, message, hint, code.name)


def _pixels(size: float, least: float) -> str:
    return f"{size:.0f} pixels high on a slide of {HEIGHT}, and the theme wants {least:.0f}"
