"""Runs sessions beside each other, and ends all their machines when one of them, or Ctrl-C, ends this early."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

_T = TypeVar("_T")
_WAIT = 0.2  # seconds between looks for Ctrl-C


@dataclass(frozen=True)
class Task(Generic[_T]):
    """Something to run for the deck of that number; `stop` makes it end at once, called from another thread."""

    deck: int
    run: Callable[[], _T]
    stop: Callable[[], None]


def side_by_side(tasks: Sequence[Task[_T]], jobs: int) -> Iterator[tuple[int, _T]]:
    """Run the tasks, at most `jobs` at a time; gives each one's deck and result as it ends."""
    with ThreadPoolExecutor(max(1, jobs), thread_name_prefix="castdeck-session") as pool:
        futures = {pool.submit(task.run): task.deck for task in tasks}
        try:
            while futures:
                done, _ = wait(futures, timeout=_WAIT, return_when=FIRST_COMPLETED)
                for future in done:
                    yield futures.pop(future), future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for task in tasks:
                task.stop()
            raise
