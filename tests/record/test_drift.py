"""Where a run differs from its recording, told so that a person sees what has happened."""

import pytest

from castdeck.cast.marks import RecordedSession
from castdeck.record.drift import OUTPUT, Drift, drifts, is_expected
from castdeck.record.expected import Expected
from tests.record.made import a_block, ran

BLOCK = a_block("echo one\necho two")


def compared(recorded: RecordedSession, now: RecordedSession, block: object = BLOCK) -> tuple[Drift, ...]:
    return drifts(block, recorded, now, (80, 24), ())  # type: ignore[arg-type]


def test_the_same_is_no_drift_and_neither_are_an_id_and_a_time() -> None:
    assert compared(ran(BLOCK), ran(BLOCK)) == ()
    assert compared(ran(BLOCK, "3f4e8b2a9c1d Up 3 seconds\r\n"), ran(BLOCK, "aa4e8b2a9c1d Up 2 minutes\r\n")) == ()


def test_other_output_is_told_with_the_command_its_line_and_a_diff() -> None:
    first, second = compared(ran(BLOCK, "same\r\nold\r\n"), ran(BLOCK, "same\r\nnew\r\n"))
    diff = ("--- recorded", "+++ now", "@@ -1,2 +1,2 @@", " same", "-old", "+new")
    assert first == Drift(4, "echo one", "it prints something else than was recorded", diff, OUTPUT)
    assert (second.line, second.command) == (5, "echo two")


def test_another_status_is_told() -> None:
    (first, _) = compared(ran(BLOCK), ran(BLOCK, status=127))
    assert first.message == "it ended with status 127, recorded was 0"


def test_the_output_of_a_block_that_varies_is_not_compared_but_its_status_is() -> None:
    varies = a_block("date +%s", "bash {.varies}")
    assert compared(ran(varies, "1\r\n"), ran(varies, "2\r\n"), varies) == ()
    assert len(compared(ran(varies, "1\r\n"), ran(varies, "2\r\n", 1), varies)) == 1


def test_what_a_console_block_expects_must_be_there() -> None:
    block = a_block("$ cat list\none\n...\nthree\n$ pwd", "console")
    right, wrong = ran(block, "one\r\ntwo\r\nthree\r\n"), ran(block, "one\r\ntwo\r\n")
    assert compared(right, right, block) == ()
    (drift,) = compared(wrong, wrong, block)
    assert (drift.line, drift.command) == (4, "cat list")
    assert drift.message == "it prints something else than the deck says"
    assert drift.diff[:2] == ("--- the deck", "+++ now")
    assert drift.expected == Expected(5, ("one", "...", "three"), ("one", "two"))


def test_a_very_long_diff_is_cut() -> None:
    recorded = ran(a_block("seq"), "".join(f"{n}\r\n" for n in range(200)))
    (drift,) = compared(recorded, ran(a_block("seq"), ""), a_block("seq"))
    assert drift.diff[-1] == "... 163 more lines"


@pytest.mark.parametrize(
    ("shown", "expected", "fits"),
    [
        (["a", "b"], ["a", "b"], True),
        (["a", "b"], ["a"], False),
        (["a", "b"], ["a", "..."], True),
        (["a"], ["a", "..."], True),
        (["a", "x", "y", "b"], ["a", "...", "b"], True),
        (["version 1.2.3"], ["version ..."], True),
        (["[a] *b?"], ["[a] *b?"], True),
        (["aa *b?"], ["[a] *b?"], False),
    ],
)
def test_dots_stand_for_anything(shown: list[str], expected: list[str], fits: bool) -> None:
    assert is_expected(shown, expected) == fits
