"""Sessions are divided among computers that don't talk to each other."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castdeck.farm.sessions import UNKNOWN_SECONDS, PlannedSession, as_json, planned_sessions
from castdeck.farm.shards import Shard, divided, read_shard
from castdeck.record.plan import Planned
from tests.record.made import a_block, an_order, record_all

TEXT = "# A {#a}\n\n```bash\necho one\n```\n\n---\n\n# B {#b}\n\n```bash {session=db}\necho two\n```\n"


def sessions_of(*seconds: float) -> list[PlannedSession]:
    """Sessions that took so many seconds when they were last recorded."""
    block = a_block("echo one")
    return [
        PlannedSession(
            f"deck{n}", Path("deck.md"), "", "m", "m-1", 64, "none", "kvm", (Planned(block, "fresh", seconds=one),)
        )
        for n, one in enumerate(seconds)
    ]


def test_the_longest_session_comes_first_and_the_parts_take_as_long_as_each_other() -> None:
    parts = divided(sessions_of(10, 20, 70, 40, 30, 30), 2)
    assert [[one.seconds for one in part] for part in parts] == [[70, 30], [40, 30, 20, 10]]


@given(st.lists(st.floats(0, 1000), max_size=30), st.integers(1, 9))
def test_each_session_is_in_one_part_and_every_computer_divides_alike(seconds: list[float], parts: int) -> None:
    sessions = sessions_of(*seconds)
    shards = divided(sessions, parts)
    assert len(shards) == parts
    assert sorted(one.id for shard in shards for one in shard) == sorted(one.id for one in sessions)
    assert divided(list(reversed(sessions)), parts) == shards
    if seconds:
        loads = [sum(one.seconds for one in shard) for shard in shards]
        assert max(loads) <= sum(seconds) / parts + max(seconds) + 1e-6


@pytest.mark.parametrize("text", ["2", "0/8", "9/8", "a/b", "2/8/1", "-1/2", "2/", ""])
def test_what_is_no_shard(text: str) -> None:
    with pytest.raises(ValueError, match="not a shard such as 2/8"):
        read_shard(text)


def test_a_shard_reads_as_it_is_written() -> None:
    assert read_shard("2/8") == Shard(2, 8)
    assert str(Shard(2, 8)) == "2/8"


def test_the_plan_of_a_deck_as_data(tmp_path: Path) -> None:
    order = an_order(TEXT, tmp_path / "recordings")
    record_all(order)
    document = as_json(planned_sessions([("course", order)]))
    first, second = document["sessions"]
    assert (first["id"], second["id"]) == ("course", "course/db")
    assert first["needs"] == {
        "machine": "docker",
        "identity": "docker-0123",
        "memory": order.settings.definition.memory,
        "network": "none",
        "accelerator": order.settings.definition.accelerator,
    }
    assert (first["fresh"], first["seconds"]) == (True, 0.5)
    blocks = second["blocks"]
    assert isinstance(blocks, list)
    assert [(block["name"], block["line"]) for block in blocks] == [("b-1", 11)]


def test_a_block_that_was_never_recorded_costs_what_is_assumed(tmp_path: Path) -> None:
    (first, _) = planned_sessions([("course", an_order(TEXT, tmp_path / "recordings"))])
    assert (first.seconds, first.is_fresh) == (UNKNOWN_SECONDS, False)
