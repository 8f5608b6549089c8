"""Slides as a browser shows them: a built deck's page is opened in Chromium, and each slide is measured."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from castdeck.check.subject import Files
from castdeck.chromium import ChromiumError, Page, chromium_page
from castdeck.deck import Slide
from castdeck.errors import Problem

Measure = Callable[[Path], Mapping[str, Any]]
MEASURE = Path(__file__).with_name("measure.js")
WIDTH, HEIGHT = 1280, 720
_HANGS_OVER = 2  # pixels


@contextmanager
def slides_measured(program: str | None, why_not: Callable[[str], None]) -> Iterator[Measure]:
    """A function that measures a built deck's slides: a file to what measure.js finds in it.

    `program` is Chromium's; it is started when it is wanted first. Where it can't be had, or no longer, `why_not` is
    told so once, and nothing is found.
    """
    with ExitStack() as stack:
        pages: list[Page] = []
        failed = program is None

        def measure(index: Path) -> Mapping[str, Any]:
            nonlocal failed
            if failed or program is None:
                return {}
            try:
                if not pages:
                    pages.append(stack.enter_context(chromium_page(program)))
                return _measured(index, pages[0])
            except ChromiumError as error:
                failed = True
                why_not(error.problem.message)
                return {}

        if failed:
            why_not("there is no Chromium here")
        yield measure


def _measured(index: Path, page: Page) -> Mapping[str, Any]:
    page.open(index.resolve().as_uri(), WIDTH, HEIGHT)
    page.evaluate("new Promise(done => Reveal.isReady() ? done() : Reveal.on('ready', () => done()))")
    found: Mapping[str, Any] = page.evaluate(MEASURE.read_text(encoding="utf-8"))
    return found


def slide_problems(files: Files, found: Mapping[str, Any]) -> Iterator[Problem]:
    """Slides that hang over their edge as small as they get, and text below the least size that the theme names."""
    least: Mapping[str, float] = found.get("least", {})
    slides = {slide.id: slide for slide in files.deck.slides}
    for one in found.get("slides", ()):
        if slide := slides.get(one["id"]):
            place = _Place(files, slide)
            yield from _overflow(place, one)
            yield from _small_text(place, one, least["text"])
            yield from _small_blocks(place, one, least)
            yield from _not_drawn(place, one)


@dataclass(frozen=True)
class _Place:
    files: Files
    slide: Slide

    def problem(self, code: str, message: str, hint: str, block: str = "") -> Problem:
        """A problem of the slide, or of the block of that name on it."""
        where = next((one for one in self.slide.blocks if one.name == block), self.slide)
        return Problem(message, self.files.deck.file_of(where), where.line, hint, code=code, column=1)


def _not_drawn(place: _Place, one: Mapping[str, Any]) -> Iterator[Problem]:
    for wrong in one["wrong"]:
        kind, why = wrong["kind"], wrong["why"].strip().splitlines()[0].rstrip(":")
        subject = place.files.of(place.slide)
        first = next((line.strip() for line in wrong["text"].splitlines() if line.strip()), "")
        code = "broken-diagram" if kind == "diagram" else "broken-formula"
        hint = (
            "Mermaid's syntax: https://mermaid.js.org" if kind == "diagram" else "KaTeX's functions: https://katex.org"
        )
        yield subject.problem(code, f"this {kind} can't be drawn: {why}", place.slide.line, first, hint)


def _overflow(place: _Place, one: Mapping[str, Any]) -> Iterator[Problem]:
    for way, side, whole in (("below", "bottom", HEIGHT), ("beside", "right", WIDTH)):
        if one[way] > _HANGS_OVER:
            message = f"the slide hangs over its {side} edge by {one[way]} of {whole} pixels"
            yield place.problem("slide-overflow", message, "make two slides of it: what hangs over is not seen")


def _small_text(place: _Place, one: Mapping[str, Any], least: float) -> Iterator[Problem]:
    if one["text"] < least:
        message = f"there is so much on this slide that its text is {_pixels(one['text'], least)}"
        yield place.problem("small-text", message, "make two slides of it")


def _small_blocks(place: _Place, one: Mapping[str, Any], least: Mapping[str, float]) -> Iterator[Problem]:
    for terminal in one["terminals"]:
        if terminal["size"] < least["terminal"]:
            message = f"the terminal's text is {_pixels(terminal['size'], least['terminal'])}"
            hint = "say less above it, give it fewer rows and cols, or make two blocks of it"
            yield place.problem("small-terminal", message, hint, terminal["name"])
    for code in one["code"]:
        hint = "break long lines, or show fewer"
        if code["wrapped"]:
            yield place.problem("small-code", "code as wide as this does not fit, and is wrapped", hint, code["name"])
        elif code["size"] < least["code"] and one["text"] >= least["text"]:
            message = f"the code's text is {_pixels(code['size'], least['code'])}"
            yield place.problem("small-code", message, hint, code["name"])


def _pixels(size: float, least: float) -> str:
    return f"{size:.0f} pixels high on a slide of {HEIGHT}, and the theme wants {least:.0f}"
