"""What changes by itself is told from real drift by a second fresh run."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from castdeck.record.varying import agrees, is_same

GRAPH = ["*   {} Merge branch bread", "|\\", "| * {} Serve it with bread", "* | {} Serve it cold"]


def graph(*ids: str) -> list[str]:
    return [line.format(*ids[number : number + 1]) for number, line in enumerate(GRAPH)]


@pytest.mark.parametrize(
    ("recorded", "one", "other"),
    [
        ("1234567 add soup", "<id> add soup", "7654321 add soup"),
        ("/tmp/tmp.Xy12ab", "/tmp/tmp.Qq98cd", "/tmp/tmp.Ab34ef"),
        ("<object object at 0x7f12>", "<object object at 0x7fab>", "<object object at 0x7f99>"),
        ("load average: 0.10, 0.20, 0.30", "load average: 1.10, 0.20, 0.30", "load average: 0.05, 0.40, 0.31"),
        ("server[812]: ready", "server[901]: ready", "server[77]: ready"),
    ],
)
def test_what_changes_by_itself_is_no_drift(recorded: str, one: str, other: str) -> None:
    assert agrees([recorded], [one], [other])


@pytest.mark.parametrize(
    ("recorded", "now"),
    [
        ("<id>..3511940 main -> main", "<id>..<id> main -> main"),
        ("3511940 Add feta", "<id> Add feta"),
        ("<id> Add feta", "2039628 Add feta"),
        ("2039628 (HEAD -> main) <id>", "<id> (HEAD -> main) 1111111"),
        ("<id> Add feta", "abcdefa Add feta"),
    ],
)
def test_an_id_of_digits_only_is_an_id_where_the_other_run_has_one(recorded: str, now: str) -> None:
    assert is_same([recorded], [now])
    assert agrees([recorded], [now], [now])


def test_numbers_of_processes_that_ran_before_are_no_drift() -> None:
    now = ["574 /usr/sbin/cron -f", "3 files, 8 of 574"]
    assert agrees(["610 /usr/sbin/cron -f", "3 files, 8 of 610"], now, now, [3, 8, 574])
    assert not agrees(["610 /usr/sbin/cron -f", "4 files, 8 of 610"], now, now, [3, 4, 8, 574])
    assert not agrees(["610 /usr/sbin/crond -f", "3 files, 8 of 610"], now, now, [574])
    assert not agrees(["610 /usr/sbin/cron -f", "3 files, 8 of 610"], now, now, [573])


@pytest.mark.parametrize(
    ("recorded", "now"),
    [("3511940 rows", "3511941 rows"), ("<id> Add feta", "<id> Add figs"), ("<id>", "123456"), ("<id>", "<date>")],
)
def test_what_is_no_id_in_either_run_is_drift(recorded: str, now: str) -> None:
    assert not is_same([recorded], [now])


def test_ids_inside_a_graph_are_told_from_its_words() -> None:
    fresh = graph("a1b2c3d", "", "1234567", "b2c3d4e"), graph("7654321", "", "e5f6a7b", "c3d4e5f")
    assert agrees(graph("1111111", "", "abcdef1", "2222222"), *fresh)
    changed = [line.replace("cold", "hot") for line in graph("1111111", "", "abcdef1", "2222222")]
    assert not agrees(changed, *fresh)


ONE = ["tmux 3.3a", "/tmp/tmp.Xy12ab", "three files", "exit: 0", "a", "b"]
OTHER = ["tmux 3.3a", "/tmp/tmp.Qq98cd", "three files", "exit: 0", "a", "b"]


@pytest.mark.parametrize(
    "recorded",
    [
        ["tmux 3.4", *ONE[1:]],
        [*ONE[:2], *ONE[3:]],
        [*ONE[:4], "b", "a"],
        [*ONE, "one more"],
        [*ONE[:3], "exit: 1", "a", "b"],
        ["zellij 3.3a", *ONE[1:]],
        [ONE[0], "no such directory", *ONE[2:]],
        [ONE[0], "/var/tmp.Xy12ab", *ONE[2:]],
        [*ONE[:2], "three  files!", *ONE[3:]],
        [],
    ],
    ids=["version", "missing", "order", "more", "number", "word", "another line", "another place", "mark", "nothing"],
)
def test_real_drift_is_found_beside_what_changes_by_itself(recorded: list[str]) -> None:
    assert agrees(["tmux 3.3a", "/tmp/tmp.other1", *ONE[2:]], ONE, OTHER)
    assert not agrees(recorded, ONE, OTHER)


def test_a_program_that_tells_more_or_less_each_time_may_do_so() -> None:
    one, other = ["it is 12:00:01", "it is 12:00:03"], ["it is 12:01:11", "it is 12:01:13", "it is 12:01:15"]
    assert agrees(["it is 09:00:00"], one, other)
    assert not agrees(["it was 09:00:00"], one, other)


def test_where_fresh_runs_agree_a_recording_has_to() -> None:
    assert not agrees(["debian 12.6"], ["debian 12.7"], ["debian 12.7"])


LINES = st.lists(st.text("ab1- (<>/.", max_size=8), max_size=4)


@settings(max_examples=500, deadline=None)
@given(LINES, LINES)
def test_a_recording_that_is_one_of_the_two_runs_is_never_drift(one: list[str], other: list[str]) -> None:
    assert agrees(one, one, other)
    assert agrees(other, one, other)
