"""How many machines run side by side: as many as there are processors, and memory for."""

from dataclasses import replace
from pathlib import Path

import pytest

from castdeck.machine.kinds import find_definition
from castdeck.record import jobs
from tests.record.made import some_settings


@pytest.mark.parametrize(
    ("cores", "free", "most"), [(8, 10_000, 4), (2, 10_000, 2), (8, 2_100, 1), (8, 100, 1), (None, 10_000, 1)]
)
def test_as_many_as_fit(monkeypatch: pytest.MonkeyPatch, cores: int | None, free: int, most: int) -> None:
    small, large = (
        replace(some_settings(Path("cache")), definition=find_definition("m", {"m": {"memory": memory}}))
        for memory in (512, 2048)
    )
    monkeypatch.setattr("os.cpu_count", lambda: cores)
    monkeypatch.setattr(jobs, "free_memory", lambda: free << 20)
    assert jobs.most_jobs([small, large]) == most


def test_a_deck_without_machines_has_one_job() -> None:
    assert jobs.most_jobs([]) >= 1
