"""A running `castdeck serve`, and a deck that is edited under it."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from playwright.sync_api import BrowserContext, Frame, Page

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event, format_cast
from castdeck.cast.recording import recording
from castdeck.cli import main

Serve = Callable[..., "Live"]
_PROCESSES = get_context("forkserver")  # each is a fork of one that has loaded castdeck, which takes most of a start
_PROCESSES.set_forkserver_preload(
    ["castdeck.cli.serve", "castdeck.serve.run", "castdeck.serve.live", "castdeck.present.app"]
)


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
    out, err = (_PROCESSES.Pipe(duplex=False) for _ in range(2))
    words = [verb, *map(str, arguments)]
    process = _PROCESSES.Process(
        target=_run, args=(folder, words, {**os.environ, "NO_COLOR": "1"}, out[1], err[1]), daemon=False
    )
    process.start()
    for _, written in (out, err):
        written.close()
    with open(out[0].fileno(), closefd=False) as printed, open(err[0].fileno(), closefd=False) as said:
        try:
            address = printed.readline().strip()
            assert re.match("http://", address), said.read()
            yield address
        finally:
            process.terminate()
            process.join(20)
            complaints = said.read()
            for read, _ in (out, err):
                read.close()
            assert "Traceback" not in complaints, complaints


def _run(folder: Path, words: Sequence[str], environment: dict[str, str], out: Connection, err: Connection) -> None:
    """castdeck, in a process that was forked for it."""
    for number, stream in ((1, out), (2, err)):
        os.dup2(stream.fileno(), number)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115, PTH123
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    main(list(words))
