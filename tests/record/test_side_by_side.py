"""Sessions beside each other."""

import threading
from collections.abc import Callable

import pytest

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.record.side_by_side import Task, side_by_side


def test_all_results_come_with_their_deck_and_no_more_than_jobs_run_at_once() -> None:
    running, most, lock = [0], [0], threading.Lock()
    two = threading.Barrier(2)

    def run(number: int) -> int:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        two.wait(20)
        with lock:
            running[0] -= 1
        return number

    tasks = [Task(number // 2, lambda _, number=number: run(number)) for number in range(6)]  # type: ignore[misc]
    assert sorted(side_by_side(tasks, 2, Cancellation())) == [(0, 0), (0, 1), (1, 2), (1, 3), (2, 4), (2, 5)]
    assert most == [2]


def waits(cancellation: Cancellation) -> int:
    cancellation.wait(20)
    return 1


def noting(ran: list[str]) -> Callable[[Cancellation], int]:
    """A task that notes that it has run."""

    def run(_: Cancellation) -> int:
        ran.append("ran")
        return 0

    return run


def test_when_one_breaks_the_others_are_cancelled_and_those_that_wait_never_start() -> None:
    whole, never = Cancellation(), list[str]()

    def breaks(_: Cancellation) -> int:
        raise RuntimeError("a defect")

    tasks = [Task(0, waits), Task(1, breaks), *(Task(2, noting(never)) for _ in range(3))]
    with pytest.raises(RuntimeError, match="a defect"):
        list(side_by_side(tasks, 2, whole))
    assert len(never) < 3 and not whole.is_cancelled


def test_when_all_is_cancelled_every_task_ends_and_none_starts() -> None:
    whole, never = Cancellation(), list[str]()
    threading.Timer(0.05, whole.cancel).start()
    tasks = [Task(0, waits), Task(0, waits), *(Task(1, noting(never)) for _ in range(3))]
    with pytest.raises(Cancelled):
        list(side_by_side(tasks, 2, whole))
    assert never == []
