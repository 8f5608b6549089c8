"""Runs sessions in parallel. If one raises, or all are cancelled, all of them end."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from castdeck.cancellation import Cancellation

_T = TypeVar("_T")


@dataclass(frozen=True)
class Task(Generic[_T]):
    """Something to run for the deck of that number, which ends at once when cancelled."""

    deck: int
    run: Callable[[Cancellation], _T]


def side_by_side(tasks: Sequence[Task[_T]], jobs: int, cancellation: Cancellation) -> Iterator[tuple[int, _T]]:
    """Run the tasks, at most `jobs` at a time; yields the deck and result of each as it ends.

    Raises what a task raises, and Cancelled, after all tasks have ended.
    """
    with (
        cancellation.child() as tasks_cancellation,
        ThreadPoolExecutor(max(1, jobs), thread_name_prefix="castdeck-session") as pool,
    ):
        futures = {pool.submit(_run, task, tasks_cancellation): task.deck for task in tasks}
        try:
            while futures:
                done, _ = wait(futures, return_when=FIRST_COMPLETED)
                for future in done:
                    yield futures.pop(future), future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            tasks_cancellation.cancel()
            raise


def _run(task: Task[_T], cancellation: Cancellation) -> _T:
    cancellation.check()
    return task.run(cancellation)
