"""Watches files: a generator of sets of files that may have changed.

File events only say when to look. A file that was closed after writing, or moved into place, is reported at once; one
that is still being written, after QUIET seconds without an event. In addition, all files are polled slowly, in case the
file system misses an event. With `poll` (for network drives and containers), they are only polled, and faster.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

QUIET = 0.03
SLOW_LOOK = 1.0
POLL = 0.1
CLOCK_TICK = 0.05  # seconds: two writes within one tick of the file system's clock may have the same time
_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
Stamp = tuple[int, int, int] | None


@dataclass(frozen=True)
class Interest:
    """The files to watch, and folders in which to watch all files."""

    files: frozenset[Path] = frozenset()
    folders: frozenset[Path] = frozenset()

    def all_files(self) -> Iterable[Path]:
        """All files, including those that are in the folders now."""
        yield from self.files
        for folder in self.folders:
            with suppress(OSError):
                yield from (path for path in folder.iterdir() if not path.name.startswith("."))

    def has(self, path: Path) -> bool:
        """Whether the path is to be watched."""
        return path in self.files or (path.parent in self.folders and not path.name.startswith("."))


@dataclass
class Watcher:
    """Watches an Interest. `watch` may replace it at any time, in the event loop's thread."""

    poll: bool = False
    _interest: Interest = field(default_factory=Interest)
    _aliases: dict[Path, Path] = field(default_factory=dict)
    _stamps: dict[Path, Stamp] = field(default_factory=dict)
    _folders: dict[Path, tuple[ObservedWatch, int]] = field(default_factory=dict)
    _changed: set[Path] = field(default_factory=set)
    _unsettled: dict[Path, asyncio.TimerHandle] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _observer: BaseObserver | None = None

    def watch(self, interest: Interest) -> None:
        """Watch these from now on. Paths need not exist yet."""
        if interest == self._interest and self._stamps:
            return
        self._interest = interest
        self._aliases = {path.resolve(): path for path in interest.files if path.resolve() != path}
        known = self._stamps
        self._stamps = {path: known[path] if path in known else _stamp(path) for path in interest.all_files()}
        if self._observer:
            self._watch_folders()

    def look_again(self, path: Path, seconds: float) -> None:
        """Report `path` as changed after `seconds`."""
        asyncio.get_running_loop().call_later(seconds, self._tell, path)

    async def changes(self) -> AsyncIterator[frozenset[Path]]:
        """Yield the files that may have changed, until the task is cancelled."""
        looking = asyncio.create_task(self._look_forever())
        if not self.poll:
            self._observer = Observer()
            self._watch_folders()
            self._observer.start()
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                changed, self._changed = frozenset(self._changed), set()
                for path in changed:
                    self._stamps[path] = _stamp(path)
                if changed:
                    yield changed
        finally:
            looking.cancel()
            if self._observer:
                self._observer.stop()

    async def _look_forever(self) -> None:
        while True:
            await asyncio.sleep(POLL if self.poll else SLOW_LOOK)
            self._look()
            if self._observer:
                self._watch_folders()

    def _look(self) -> None:
        for path in {*self._interest.all_files(), *self._stamps}:
            stamp = _stamp(path)
            if stamp != self._stamps.get(path) and path not in self._unsettled:
                self._tell(path)
                if self.poll:
                    self.look_again(path, CLOCK_TICK)

    def _watch_folders(self) -> None:
        assert self._observer
        wanted = {path.parent for path in (*self._interest.files, *self._aliases)} | self._interest.folders
        nearest = {folder: inode for name in wanted for folder, inode in [_nearest(name)]}
        for folder, (_, inode) in list(self._folders.items()):
            if nearest.get(folder) != inode:
                self._forget(folder)
        for folder, inode in nearest.items():
            if folder in self._folders:
                continue
            with suppress(OSError):
                handler = _Handler(asyncio.get_running_loop(), self)
                watch = self._observer.schedule(handler, str(folder), recursive=False, event_filter=_EVENTS)
                self._folders[folder] = watch, inode
        self._look()

    def _forget(self, folder: Path) -> None:
        """Stop watching a folder that was deleted or moved: a new one may have its name, and even its inode."""
        if self._observer and folder in self._folders:
            watch, _ = self._folders.pop(folder)
            with suppress(KeyError, OSError):
                self._observer.unschedule(watch)

    def heard(self, event: FileSystemEvent) -> None:
        """Handle an event, in the event loop's thread."""
        if event.is_directory:
            if self._observer:
                self._forget(Path(str(event.src_path)))
                self._watch_folders()
            return
        whole = isinstance(event, FileClosedEvent | FileMovedEvent)
        for name in filter(None, (event.src_path, event.dest_path)):
            path = Path(str(name))
            path = self._aliases.get(path, path)
            if self._interest.has(path):
                self._settle(path, 0 if whole else QUIET)

    def _settle(self, path: Path, seconds: float) -> None:
        waiting = self._unsettled.pop(path, None)
        if waiting:
            waiting.cancel()
        if not seconds:
            self._tell(path)
            return
        self._unsettled[path] = asyncio.get_running_loop().call_later(seconds, self._settle, path, 0)

    def _tell(self, path: Path) -> None:
        self._changed.add(path)
        self._wake.set()


class _Handler(FileSystemEventHandler):
    """Passes events from the observer's thread to the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, watcher: Watcher) -> None:
        self._loop, self._watcher = loop, watcher

    def on_any_event(self, event: FileSystemEvent) -> None:
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._watcher.heard, event)


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _nearest(folder: Path) -> tuple[Path, int]:
    """The folder, or the nearest one above it that exists, and its inode."""
    for known in (folder, *folder.parents):
        with suppress(OSError):
            return known, known.stat().st_ino
    return Path("/"), 0
