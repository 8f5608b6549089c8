"""How much a machine works is told by the processor time that it uses."""

import time

import pytest

from castdeck.record.load import Load


def is_high(monkeypatch: pytest.MonkeyPatch, *samples: tuple[float, float | None]) -> bool:
    """What is told last, when asked at those times, with that processor time used by then (both in seconds)."""
    times, used = (iter(one) for one in zip(*samples, strict=True))
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    measured = Load(lambda: next(used))
    return [measured.is_high() for _ in samples][-1]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ([(0.0, 7.0), (0.1, 7.1)], True),
        ([(0.0, 7.0), (0.1, 7.01)], False),
        ([(0.0, 7.0)], False),
        ([(0.0, 7.0), (0.3, 7.3), (0.6, 7.3)], False),
        ([(0.0, 7.0), (0.3, 7.0), (0.6, 7.3)], True),
        ([(0.0, None), (0.3, None)], False),
        ([(0.0, 7.0), (0.0, 7.0)], False),
    ],
    ids=[
        "at work",
        "at rest",
        "asked once",
        "it was at work before",
        "it is since now",
        "not known",
        "no time between",
    ],
)
def test_a_machine_works_if_it_used_a_processor_just_now(
    monkeypatch: pytest.MonkeyPatch, samples: list[tuple[float, float | None]], expected: bool
) -> None:
    assert is_high(monkeypatch, *samples) == expected
