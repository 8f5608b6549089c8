"""A running `castdeck serve`, and a deck that is edited under it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Frame, Page

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event, format_cast
from castdeck.cast.recording import recording

Serve = Callable[..., "Live"]


class Live:
    """A deck in a folder, its preview's address, and a page that shows it: castdeck's, with the deck in a frame."""

    def __init__(self, context: BrowserContext, folder: Path, address: str) -> None:
        self.deck = folder / "deck.md"
        self.address = address
        self.wrong: list[str] = []
        self._context = context
        self.page = self.open()

    def open(self, suffix: str = "") -> Page:
        """Another page of the preview; what its console says against it is in `wrong`."""
        page = self._context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(self.address + suffix)
        deck = deck_frame(page)
        deck.wait_for_function("() => window.Reveal && Reveal.isReady()")
        deck.wait_for_function("() => ![...document.querySelectorAll('.slides section')].some(one => !one.innerHTML)")
        return page

    @property
    def frame(self) -> Frame:
        """The frame that the deck is in."""
        return deck_frame(self.page)

    def edit(self, old: str, new: str) -> None:
        """Save the deck with one text in place of another."""
        text = self.deck.read_text(encoding="utf-8")
        assert old in text
        self.deck.write_text(text.replace(old, new, 1), encoding="utf-8")

    def go_to(self, slide: str) -> None:
        """Show a slide."""
        go = "id => { const {h, v} = Reveal.getIndices(document.getElementById(id)); Reveal.slide(h, v); }"
        self.frame.evaluate(go, slide)

    def shows(self, text: str) -> None:
        """Wait until the slide that is shown has the text."""
        self.waits("text => document.querySelector('.slides .present:not(.stack)')?.innerText.includes(text)", text)

    def waits(self, condition: str, arg: object = None) -> None:
        """Wait for a condition: a JavaScript function."""
        self.frame.wait_for_function(condition, arg=arg)

    def ids(self) -> list[str]:
        """The slides' ids, in the order of the page."""
        found: list[str] = self.frame.evaluate("Reveal.getSlides().map(slide => slide.id)")
        return found

    def mark(self) -> None:
        """Leave something in the page that a reload would lose."""
        self.frame.evaluate("window.marked = true")

    @property
    def is_same_page(self) -> bool:
        """Whether the page has not been loaded again since `mark`."""
        return bool(self.frame.evaluate("window.marked === true"))


def deck_frame(page: Page) -> Frame:
    """The frame of a preview's page that the deck is in."""
    element = page.wait_for_selector("iframe")
    assert element
    frame = element.content_frame()
    assert frame
    return frame


def write_cast(folder: Path, name: str, *commands: tuple[str, str], seconds: float = 0.1) -> None:
    """Put a recording there, of commands and of their output, a line each so many seconds."""
    session = RecordedSession(tuple(_command(typed, output, seconds) for typed, output in commands), "$ ")
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{name}.part"
    part.write_text(format_cast(recording(session, 80, 24)), encoding="utf-8")
    part.rename(folder / f"{name}.cast")


def _command(typed: str, output: str, seconds: float) -> RecordedCommand:
    lines = output.splitlines()
    events = tuple(Event((number + 1) * seconds, "o", f"{line}\r\n") for number, line in enumerate(lines))
    return RecordedCommand("$ ", (f"{typed}\r\n",), events, (len(lines) + 1) * seconds, 0)


@contextmanager
def serving(folder: Path, *arguments: str | Path, verb: str = "serve") -> Iterator[str]:
    """The address of `castdeck serve` with those arguments, run in `folder`; or of another verb that serves."""
    process = subprocess.Popen(
        [sys.executable, "-m", "castdeck", verb, *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout and process.stderr
    try:
        address = process.stdout.readline().strip()
        assert re.match("http://", address), process.stderr.read()
        yield address
    finally:
        process.terminate()
        process.wait(20)
        complaints = process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        assert "Traceback" not in complaints, complaints
