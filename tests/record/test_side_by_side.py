"""Sessions beside each other."""

import threading

import pytest

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

    tasks = [Task(number // 2, lambda number=number: run(number), lambda: None) for number in range(6)]  # type: ignore[misc]
    assert sorted(side_by_side(tasks, 2)) == [(0, 0), (0, 1), (1, 2), (1, 3), (2, 4), (2, 5)]
    assert most == [2]


def test_when_one_breaks_the_others_are_stopped_and_those_that_wait_never_start() -> None:
    stopped, never = threading.Event(), list[str]()

    def breaks() -> int:
        raise RuntimeError("a defect")

    def waits() -> int:
        assert stopped.wait(20)
        return 1

    tasks = [
        Task(0, waits, stopped.set),
        Task(1, breaks, lambda: None),
        *(Task(2, lambda: never.append("ran") or 0, lambda: None) for _ in range(3)),
    ]
    with pytest.raises(RuntimeError, match="a defect"):
        list(side_by_side(tasks, 2))
    assert stopped.is_set() and len(never) < 3
