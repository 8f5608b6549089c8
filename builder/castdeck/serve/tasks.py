"""Supervises the tasks of a preview, and notices when one fails."""

import asyncio
from collections.abc import Callable, Coroutine


class Tasks:
    """Runs tasks by name, at most one of each name. If one raises an exception, `failed` is called with it."""

    def __init__(self, failed: Callable[[Exception], None]) -> None:
        self._failed = failed
        self._running: dict[str, asyncio.Task[None]] = {}

    def start(self, name: str, work: Coroutine[object, object, None]) -> None:
        """Start a task, replacing the one of that name."""
        self.cancel(name)
        task = self._running[name] = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)

    def is_running(self, name: str) -> bool:
        """Whether a task of that name is running; a finished one is not."""
        return name in self._running

    def cancel(self, name: str) -> None:
        """Cancel the task of that name, if there is one."""
        if task := self._running.pop(name, None):
            task.cancel()

    async def stop(self) -> None:
        """Cancel all tasks, and wait until they have ended."""
        tasks = list(self._running.values())
        for name in list(self._running):
            self.cancel(name)
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._running.get(task.get_name()) is task:
            del self._running[task.get_name()]
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self._failed(error)
