"""A real Chromium that may read one folder and nothing else, and a deck to open in it."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from castdeck.chromium import find_chromium
from tests.browser.live import Live, Serve, serving

CHROMIUM = find_chromium()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # What matters here of the list of Playwright's whose place this takes; and no process in store for the next page.
    "--disable-features=MediaRouter,OptimizationHints,PaintHolding,ThirdPartyStoragePartitioning,"
    "SpareRendererForSitePerProcess",
]
Open = Callable[..., Page]
PATIENCE = 90_000.0  # milliseconds that a test waits for what comes: virtual machines run beside it
REVEAL_IS_READY = "window.Reveal && Reveal.isReady()"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def profile(chromium: Browser) -> BrowserContext:
    """One profile for all tests, in which a page stays open: those that follow find its process and the compiled code.

    A page then takes half the time of one in a profile of its own.
    """
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    context.set_default_timeout(PATIENCE)
    context.new_page()
    return context


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """The profile. After the test its pages are closed, and what they stored is forgotten."""
    parked = profile.pages[0]
    yield profile
    for page in profile.pages:
        if page is not parked:
            page.close()
    profile.clear_cookies()
    devtools = profile.new_cdp_session(parked)
    devtools.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    devtools.detach()


@pytest.fixture
def open_page(context: BrowserContext) -> Iterator[Open]:
    """Opens a file's page; the test fails on any console error and on any request outside the file's folder."""
    wrong: list[str] = []
    pages: list[Page] = []

    def open_file(
        index: Path, suffix: str = "", *, width: int = 1280, height: int = 720, ready: str = REVEAL_IS_READY
    ) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        pages.append(page)
        folder = index.parent.resolve().as_uri()

        def heard(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                wrong.append(f"{message.type}: {message.text}")

        def asked(request: Request) -> None:
            if not (unquote(request.url).startswith(unquote(folder)) or re.match(r"(blob|data|about):", request.url)):
                wrong.append(f"request: {request.url}")

        def failed(request: Request) -> None:
            if (
                request.resource_type != "font" or request.failure != "net::ERR_ABORTED"
            ):  # the page was closed meanwhile
                wrong.append(f"failed: {request.url}: {request.failure}")

        page.on("console", heard)
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on("request", asked)
        page.on("requestfailed", failed)
        page.goto(index.resolve().as_uri() + suffix)
        if "print-pdf" not in suffix:
            page.wait_for_function(ready)
        return page

    yield open_file
    for page in pages:
        page.close()
    assert wrong == []


@pytest.fixture
def serve(context: BrowserContext, tmp_path: Path) -> Iterator[Serve]:
    """serve(text) writes a deck and opens its preview; the test fails on any error in the browser's console."""
    with ExitStack() as stack:
        opened: list[Live] = []

        def start(text: str, *arguments: str) -> Live:
            (tmp_path / "deck.md").write_text(text, encoding="utf-8")
            casts = ("--recordings", tmp_path / "casts")
            address = stack.enter_context(serving(tmp_path, "deck.md", "--port", "0", *casts, *arguments))
            opened.append(Live(context, tmp_path, address))
            stack.callback(opened[-1].page.close)
            return opened[-1]

        yield start
    assert [message for live in opened for message in live.wrong] == []
