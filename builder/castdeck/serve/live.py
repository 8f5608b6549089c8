"""A deck that is watched, and the pages that show it: each page is told what it does not show yet.

A page says at first what it shows; from then on it is sent the change from that to the deck's view, whenever it is
ready for more. A slow page skips what it can't follow, and one that comes back after a sleep catches up in one message.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any, TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from castdeck.errors import CastdeckError
from castdeck.serve.change import change
from castdeck.serve.preview import Preview
from castdeck.serve.view import Section, View
from castdeck.serve.watch import Watcher

BATCH = 100
PATIENCE = 0.3
PAUSE = 0.3
_T = TypeVar("_T")


class LiveDeck:
    """One deck's preview, kept up to date in a thread of its own, and the pages that show it."""

    def __init__(self, preview: Preview, *, poll: bool = False, follow: bool = False) -> None:
        self.preview = preview
        self._watcher = Watcher(poll)
        self._follow = follow
        self._pages: set[asyncio.Event] = set()
        self._thread = ThreadPoolExecutor(1, "castdeck-preview")
        self._patience_ends = float("inf")
        self._around = 0
        self._settling: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Watch the deck's files until the task is cancelled."""
        others = [asyncio.create_task(self._draw_the_rest())]
        self._watcher.watch(self.preview.interest)
        self._settle_soon()
        try:
            async for changed in self._watcher.changes():
                await self._refresh(changed)
        finally:
            for task in (*others, self._settling):
                if task:
                    task.cancel()
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def attend(self, socket: WebSocket) -> None:
        """Keep one page up to date until it goes."""
        shown = shown_view(await socket.receive_json())
        async with self._page() as wake:
            sending = asyncio.create_task(self._send(socket, shown, wake))
            try:
                async for said in socket.iter_json():
                    if isinstance(said, dict) and isinstance(said.get("at"), int):
                        self._around = said["at"]
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
                await socket.send_json(message)
            shown = view

    async def _refresh(self, changed: frozenset[Any]) -> None:
        now = asyncio.get_running_loop().time()
        patient = now < self._patience_ends
        whole = await self._do(lambda: self.preview.refresh(changed, patient=patient))
        if whole:
            self._patience_ends = float("inf")
        elif patient:
            self._patience_ends = min(self._patience_ends, now + PATIENCE)
            self._watcher.look_again(self.preview.path, PATIENCE)
        self._tell()
        self._settle_soon()

    async def _draw_the_rest(self) -> None:
        while await self._do(lambda: self.preview.draw_some(BATCH, self._around)):
            self._tell()
        self._tell()

    def _settle_soon(self) -> None:
        if self._settling:
            self._settling.cancel()
        self._settling = asyncio.create_task(self._settle())

    async def _settle(self) -> None:
        await asyncio.sleep(PAUSE)
        if self.preview.is_settled:
            return
        with suppress(CastdeckError):
            settled = await asyncio.to_thread(self.preview.settle)
            if settled:
                accepted = await self._do(partial(self.preview.accept, settled))
                if accepted:
                    self._tell()

    def _tell(self) -> None:
        self._watcher.watch(self.preview.interest)
        for wake in self._pages:
            wake.set()

    async def _do(self, work: Callable[[], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)


def page_state(view: View) -> dict[str, Any]:
    """What a page that was made from `view` shows, as it will say itself when it connects."""
    return {
        "sections": [[section.id, section.key, section.vertical] for section in view.sections],
        "title": view.title,
        "shell": view.shell,
        "styles": dict(view.styles),
        "files": dict(view.files),
        "edits": view.edits,
    }


def shown_view(said: Any) -> View:
    """The View that a page says it shows; an empty one for what makes no sense, so that it is sent everything."""
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
    except (KeyError, TypeError, ValueError):
        return View()


def _texts(value: Any) -> Mapping[str, str]:
    return {str(name): str(text) for name, text in value.items()} if isinstance(value, dict) else {}
