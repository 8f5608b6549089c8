"""A watched deck and the pages that show it: each page is sent the difference between its state and the deck's.

A page first reports its state; from then on, whenever it is ready for more, it is sent the change since the last
message. A slow page skips states in between, and one that was asleep catches up with one message.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.problems import Problem
from castdeck.serve.background import BackgroundRecorder
from castdeck.serve.change import change
from castdeck.serve.job import RecordJob
from castdeck.serve.preview import Preview
from castdeck.serve.reader import draw_slides, read_whole
from castdeck.serve.said import messages, slide_number, tell
from castdeck.serve.tasks import Tasks
from castdeck.serve.view import Section, View
from castdeck.serve.watch import Watcher

BATCH = 100
PATIENCE = 0.3
PAUSE = 0.3
AGAIN = 1.0
_T = TypeVar("_T")


class LiveDeck:
    """One deck's preview, updated in a thread of its own, and the pages that show it. `process` does long work."""

    def __init__(
        self,
        preview: Preview,
        process: Executor,
        *,
        poll: bool = False,
        follow: bool = False,
        record: bool = False,
        say: Callable[[Problem], None] | None = None,
    ) -> None:
        """`say` is called once with each new problem."""
        self.preview = preview
        self._process = process
        self._watcher = Watcher(poll)
        self._follow, self._say = follow, say
        self._said: frozenset[tuple[object, ...]] = frozenset()
        self._recorder = BackgroundRecorder(self._recording_changed, record)
        self._tasks = Tasks(self._failed)
        self._is_to_show = False
        self._pages: set[asyncio.Event] = set()
        self._thread = ThreadPoolExecutor(1, "castdeck-preview")
        self._patience_ends = float("inf")

    async def run(self) -> None:
        """Watch the deck's files until the task is cancelled. After an exception, show it and begin again."""
        self._watcher.watch(self.preview.interest)
        try:
            while True:
                try:
                    async for changed in self._watcher.changes():
                        await self._refresh_or_say_why(changed)
                except Exception as error:
                    self._failed(error)
                    await asyncio.sleep(AGAIN)
        finally:
            await self._tasks.stop()
            await self._recorder.stop()
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _refresh_or_say_why(self, changed: frozenset[Path]) -> None:
        try:
            await self._refresh(changed)
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        """Show that the preview failed; the next save is processed all the same."""
        self.preview.stumbled(error)
        self._tell()

    async def attend(
        self, socket: WebSocket, accept_key: Callable[[str], None], looks_at: Callable[[int], None]
    ) -> None:
        """Keep a page up to date until it disconnects. Its first message has its state and the key of its frame.

        `looks_at` is called with the number of each slide that the page goes to.
        """
        said = messages(socket)
        async for first in said:
            if "sections" in first:
                break
        else:
            return
        accept_key(str(first.get("key", "")))
        async with self._page() as wake:
            sending = asyncio.create_task(self._send(socket, shown_view(first), wake))
            try:
                async for message in said:
                    if (number := slide_number(message.get("at"))) is not None:
                        await self._look_at(number)
                        looks_at(number)
                    if isinstance(slide := message.get("record"), str):
                        await self._recorder.record(slide)
            finally:
                sending.cancel()
                with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
                    await sending

    @asynccontextmanager
    async def _page(self) -> AsyncIterator[asyncio.Event]:
        wake = asyncio.Event()
        wake.set()
        self._pages.add(wake)
        try:
            yield wake
        finally:
            self._pages.discard(wake)

    async def _send(self, socket: WebSocket, shown: View, wake: asyncio.Event) -> None:
        while True:
            await wake.wait()
            wake.clear()
            view = self.preview.view
            if message := change(shown, view, follow=self._follow):
                await tell(socket, message)
            shown = view

    async def _refresh(self, changed: frozenset[Path]) -> None:
        now = asyncio.get_running_loop().time()
        patient = now < self._patience_ends
        whole = await self._do(lambda: self.preview.refresh(changed, patient=patient))
        if whole:
            self._patience_ends = float("inf")
        elif patient:
            self._patience_ends = min(self._patience_ends, now + PATIENCE)
            self._watcher.look_again(self.preview.path, PATIENCE)
        self._tell()
        self._work_soon(PAUSE)

    async def _look_at(self, number: int) -> None:
        self.preview.drawings.around = number
        if self.preview.drawings.undrawn(1):
            await self._do(self.preview.draw_near)
            self._tell()
        if not self._tasks.is_running("work"):
            self._work_soon(0)

    def _work_soon(self, seconds: float) -> None:
        """Begin long work when nothing has changed for `seconds`."""
        self._tasks.cancel("work")
        if self._pages:
            self._tasks.start("work", self._work(seconds))

    async def _work(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        preview = self.preview
        while numbers := preview.drawings.undrawn(BATCH):
            text = preview.text
            drawings = await self._elsewhere(partial(draw_slides, text, preview.places, numbers))
            await self._do(partial(preview.take_drawings, text, drawings))
            self._tell()
        if not preview.is_settled:
            text = preview.text
            whole = await self._elsewhere(partial(read_whole, text, preview.places))
            if await self._do(partial(preview.accept, text, whole)):
                places = preview.places
                job = RecordJob(text, places.deck, places.recordings, places.workspace)
                await self._recorder.settled(whole, job)
            self._tell()
        self._say_news()

    def _recording_changed(self) -> None:
        """Update the view from the recorder."""
        self._is_to_show = True
        if not self._tasks.is_running("show"):
            self._tasks.start("show", self._show_recording())

    async def _show_recording(self) -> None:
        while self._is_to_show:
            self._is_to_show = False
            await self._do(partial(self.preview.show_recording, self._recorder.badges, self._recorder.problems))
            self._tell()

    def _tell(self) -> None:
        self._watcher.watch(self.preview.interest)
        for wake in self._pages:
            wake.set()

    def _say_news(self) -> None:
        """Report problems that are new since the deck was last parsed completely; line numbers may have changed."""
        found = {(one.code, one.path, one.message): one for one in self.preview.problems}
        news, self._said = found.keys() - self._said, frozenset(found)
        for known in found:
            if known in news and self._say:
                self._say(found[known])

    async def _elsewhere(self, work: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._process, work)
        except BrokenExecutor:
            return await asyncio.to_thread(work)

    async def _do(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def page_state(view: View) -> dict[str, object]:
    """The state that a page made from `view` reports when it connects."""
    return {
        "sections": [[section.id, section.key, section.vertical] for section in view.sections],
        "title": view.title,
        "shell": view.shell,
        "styles": dict(view.styles),
        "files": dict(view.files),
        "edits": view.edits,
    }


def shown_view(said: object) -> View:
    """The View that a page reports as its state; an empty one, so that all is sent, if the report is invalid."""
    if not isinstance(said, dict):
        return View()
    try:
        sections = tuple(Section(str(name), str(key), "", bool(below)) for name, key, below in said["sections"])
        return View(
            sections,
            str(said["title"]),
            str(said["shell"]),
            _texts(said["styles"]),
            _texts(said["files"]),
            edits=int(said["edits"]),
        )
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return View()


def _texts(value: object) -> Mapping[str, str]:
    return {str(name): str(text) for name, text in value.items()} if isinstance(value, dict) else {}
