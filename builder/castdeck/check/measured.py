"""Measures the slides of a built deck in Chromium.

A deck's own scripts can't get in the way: one that never ends is stopped and reported with its slide, navigation to
another address is blocked, and a page that can't be measured does not affect other decks.
"""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from castdeck.check.sizes import DeckSizes, Least, SlideSizes
from castdeck.chromium import ChromiumError, Page, chromium_page
from castdeck.chromium.page import MOST_BLOCKED, Hang, HangError
from castdeck.render.vendor import LIBRARY

MEASURE = Path(__file__).with_name("measure.js")
WIDTH, HEIGHT = 1280, 720
READY_WITHIN = 60_000  # milliseconds: a busy computer has taken more than 15 s
_LAID_OUT_WITHIN = 30.0  # seconds for what was stopped: no script, but the browser's layout, which can't be
_NOT_MEASURED = "whether slides overflow was not looked at"
_SECTION = re.compile(r'<section id="([^"]*)"')
_REFRESH = re.compile(r"<meta\b[^>]*\bhttp-equiv\s*=\s*[\"']?\s*refresh", re.IGNORECASE)
READY = f"""new Promise((done, failed) => {{
  setTimeout(() => failed(new Error("its slides do not appear")), {READY_WITHIN});
  if (!window.Reveal) failed(new Error("reveal.js did not start"));
  else if (Reveal.isReady()) done();
  else Reveal.on("ready", () => done());
}})"""


@dataclass(frozen=True)
class Measured:
    """The result: `slides` as measured by measure.js, and the theme's minimum sizes.

    `hangs` are scripts that had to be stopped, with the ids of their slides; `left` are addresses that the page tried
    to navigate to, with their slides ("" if unknown). `failed` is the reason if not everything was measured.
    """

    least: Least = Least()
    slides: tuple[SlideSizes, ...] = ()
    hangs: tuple[tuple[str, Hang], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    failed: str = ""


Measure = Callable[[Path], Measured]


@contextmanager
def slides_measured(program: str | None, tell: Callable[[str], None]) -> Iterator[Measure]:
    """A function that measures the slides of a built deck, given its index.html.

    `program` is Chromium, started on first use. If it is missing or has no sandbox, `tell` is called once.
    """
    with ExitStack() as stack:
        pages: list[Page] = []
        missing = program is None

        def measure(index: Path) -> Measured:
            nonlocal missing
            if missing or program is None:
                return Measured()
            if not pages:
                try:
                    pages.append(stack.enter_context(chromium_page(program)))
                except ChromiumError as error:
                    missing = True
                    tell(f"{error.problem.message}: {_NOT_MEASURED}; --no-browser skips this")
                    return Measured()
                if not pages[0].is_sandboxed:
                    tell("Chromium has no sandbox here (no user namespaces): check only decks that you trust")
            found = measured_slides(index, pages[0])
            if found.failed or found.left:
                stack.close()  # the next deck gets a new browser
                pages.clear()
            return found

        if missing:
            tell(f"Chromium is not installed: {_NOT_MEASURED}; install it, or use --no-browser")
        yield measure


def measured_slides(index: Path, page: Page) -> Measured:
    """Measure the slides of a built deck in a page."""
    found = DeckSizes()
    slides: list[SlideSizes] = []
    blamed: list[str] = []  # the slide shown at each hang
    failed = ""
    try:
        page.open(index, WIDTH, HEIGHT)
        page.evaluate(READY)
        found = msgspec.convert(page.evaluate(MEASURE.read_text(encoding="utf-8")), DeckSizes)
        for number, name in enumerate(found.ids):
            blamed += [""] * (len(page.hangs) - len(blamed))
            measured, owner = _one_measured(page, number, name)
            blamed += [owner] * (len(page.hangs) - len(blamed))
            if owner and owner != name and len(page.hangs) < MOST_BLOCKED:  # one of an earlier slide
                measured, owner = _one_measured(page, number, name)
                blamed += [owner] * (len(page.hangs) - len(blamed))
            if measured:
                slides.append(measured)
            if len(page.hangs) >= MOST_BLOCKED:
                failed = f"{len(page.hangs)} scripts did not end"
                break
    except ChromiumError as error:
        failed = "it leaves for another page" if page.left else error.problem.message
    except msgspec.ValidationError as error:
        failed = f"the page does not answer with sizes: {error}"
    html = index.read_text(encoding="utf-8")
    blamed += [""] * (len(page.hangs) - len(blamed))
    hangs = tuple((_owner(html, hang) or shown, hang) for hang, shown in zip(page.hangs, blamed, strict=True))
    leaving = [_section_before(html, match.start()) for match in _REFRESH.finditer(html)]
    left = tuple(
        (leaving[min(number, len(leaving) - 1)] if leaving else "", url) for number, url in enumerate(page.left)
    )
    return Measured(found.least, tuple(slides), hangs, left, failed)


def _one_measured(page: Page, number: int, name: str) -> tuple[SlideSizes | None, str]:
    """What measure.js finds on a slide, or the id of the slide whose script had to be stopped.

    Raises ChromiumError where it can't be measured, msgspec.ValidationError for another answer.
    """
    try:
        return msgspec.convert(page.evaluate(f"castdeckMeasure({number})"), SlideSizes | None), ""
    except HangError:
        with suppress(HangError):
            return None, str(page.evaluate(f"castdeckStopped({json.dumps(name)})", _LAID_OUT_WITHIN))
        return None, name


def _owner(html: str, hang: Hang) -> str:
    """The slide that contains a script, or refers to its file; "" for one of castdeck's own scripts."""
    if hang.address.startswith(LIBRARY):
        return ""
    if hang.address.partition("?")[0] == "index.html":
        return _section_before(html, sum(map(len, html.splitlines(keepends=True)[: hang.line])))
    place = html.find(f'"{hang.address}"') if hang.address else -1
    return _section_before(html, place) if place >= 0 else ""


def _section_before(html: str, place: int) -> str:
    """The id of the last section that begins before that position."""
    found = list(_SECTION.finditer(html, 0, place))
    return found[-1][1] if found else ""
