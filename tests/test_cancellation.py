"""One value that ends all who wait."""

import subprocess
import threading

import pytest

from castdeck.cancellation import Cancellation, Cancelled


def test_who_sleeps_is_woken_and_who_looks_is_told() -> None:
    cancellation = Cancellation()
    cancellation.check()
    cancellation.wait(0)
    threading.Timer(0.05, cancellation.cancel).start()
    with pytest.raises(Cancelled):
        cancellation.wait(60)
    assert cancellation.is_cancelled
    with pytest.raises(Cancelled):
        cancellation.check()


def test_what_is_waited_for_is_ended_at_once_also_when_it_comes_too_late() -> None:
    cancellation = Cancellation()
    process = subprocess.Popen(["sleep", "60"])
    with cancellation.ending(process.kill):
        threading.Timer(0.05, cancellation.cancel).start()
        assert process.wait() == -9
    cancellation.cancel()
    late = subprocess.Popen(["sleep", "60"])
    with cancellation.ending(late.kill):
        assert late.wait() == -9


def test_what_is_no_longer_registered_is_left_alone() -> None:
    cancellation, ended = Cancellation(), list[str]()
    with cancellation.ending(lambda: ended.append("one")):
        pass
    with cancellation.ending(lambda: ended.append("two")):
        cancellation.cancel()
    assert ended == ["two"]


def test_one_that_can_not_be_ended_keeps_no_other_from_it() -> None:
    cancellation, ended = Cancellation(), list[str]()

    def gone() -> None:
        raise ProcessLookupError

    with cancellation.ending(gone), cancellation.ending(lambda: ended.append("two")):
        cancellation.cancel()
    assert ended == ["two"]


def test_a_part_ends_alone_or_with_the_whole() -> None:
    whole = Cancellation()
    with whole.child() as part:
        part.cancel()
        assert not whole.is_cancelled
    with whole.child() as part:
        whole.cancel()
        assert part.is_cancelled
    with whole.child() as late:
        assert late.is_cancelled


def test_code_that_handles_errors_lets_it_pass() -> None:
    assert not issubclass(Cancelled, Exception) and issubclass(Cancelled, KeyboardInterrupt)
