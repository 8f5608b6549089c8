"""What is told while decks are recorded, and the rows for what runs at every width."""

from pathlib import Path

import pytest

from castdeck.cli.board import Board, duration
from castdeck.codes import Code
from castdeck.problems import Place, Problem
from castdeck.record.events import (
    BlockBegins,
    BlockDrifts,
    BlockEnds,
    BlockStopped,
    CommandBegins,
    Doing,
    Event,
    Work,
    WorkBegins,
    WorkEnds,
)
from tests.record.made import a_block

BLOCK = a_block("docker run --rm --name a-long-name --volume data:/data debian cat /etc/os-release")
MAIN, DATABASE = Work(Path("slides/docker/deck.md")), Work(Path("slides/docker/deck.md"), "db")
PROBLEM = Problem(Code.COMMAND_FAILED, Place(Path("deck.md"), 8), "ls: ended with exit status 2, not 0", "correct it")


class Told:
    """A board, its clock, and the lines that it told."""

    def __init__(self, *, is_plain: bool) -> None:
        self.now = 0.0
        self.board = Board("recorded", lambda: self.now, is_plain)
        self.lines: list[str] = []

    def tell(self, *events: Event | str, seconds: float = 0.0) -> "Told":
        for event in events:
            told = self.board.step(event) if isinstance(event, str) else self.board.tell(event)
            self.lines += [text.plain for text in told]
        self.now += seconds
        return self

    def rows(self, width: int = 79) -> list[str]:
        return [row.plain for row in self.board.rows(width, "*")]


def test_what_verify_finds_stands_below_its_block() -> None:
    told = Told(is_plain=False)
    told.tell(WorkBegins(MAIN, 2), BlockBegins(MAIN, BLOCK, 1, 2, None), BlockEnds(MAIN, BLOCK, 1.0, failed=True))
    told.tell(BlockDrifts(MAIN, BLOCK, PROBLEM))
    assert told.lines == [
        "  docker: failed a-1  0.0 s",
        "  deck.md:8: error: ls: ended with exit status 2, not 0\n    correct it",
    ]


def test_without_rows_each_thing_is_a_line() -> None:
    told = Told(is_plain=True)
    told.tell("booting the machine", seconds=2.5)
    told.tell(WorkBegins(MAIN, 2), Doing(MAIN, "starting the machine"))
    told.tell(BlockBegins(MAIN, BLOCK, 1, 2, 72.4), CommandBegins(MAIN, BLOCK.lines[0]), seconds=1.0)
    told.tell(BlockEnds(MAIN, BLOCK, 1.0), BlockBegins(DATABASE, BLOCK, 2, 2, None, replayed=True))
    told.tell(BlockEnds(DATABASE, BLOCK, failed=True, problem=PROBLEM))
    assert told.lines == [
        "  booting the machine ...",
        "  booting the machine  2.5 s",
        "  docker: starting the machine",
        "  docker: a-1 (1 of 2, about 1:12 left)",
        "  docker: recorded a-1  1.0 s",
        "  docker/db: running a-1 again (2 of 2)",
        "  docker/db: failed a-1  0.0 s",
        "  deck.md:8: error: ls: ended with exit status 2, not 0\n    correct it",
    ]


def a_running_board() -> Told:
    told = Told(is_plain=False)
    told.tell(WorkBegins(MAIN, 3), BlockBegins(MAIN, BLOCK, 2, 3, 90.0), CommandBegins(MAIN, BLOCK.lines[0]))
    told.tell(WorkBegins(DATABASE, 4), Doing(DATABASE, "starting the machine"), seconds=65)
    return told


@pytest.mark.parametrize("width", [39, 79, 119, 199])
def test_only_the_command_is_shortened(width: int) -> None:
    first, second, overall = a_running_board().rows(width)
    assert len(first) == len(second) == width
    assert first.startswith("* docker: a-1 ") and "2 of 3" in first and first.endswith(" 1:05")
    assert second.startswith("* docker/db: starting the machine") and second.endswith(" 1:05")
    assert overall == "  0 of 7 blocks done"
    shown = first.partition("2 of 3")[2].removesuffix("1:05").strip()
    if width > 150:
        assert shown == BLOCK.lines[0].text
    elif width > 60:
        assert shown.startswith("docker run --rm") and shown.endswith("…")


def test_a_row_too_narrow_for_all_keeps_the_time() -> None:
    first = a_running_board().rows(20)[0]
    assert len(first) == 20 and first.startswith("* do") and first.endswith("2 of 3  1:05")


def test_the_whole_is_told_with_the_seconds_that_are_left_and_they_never_rise_by_themselves() -> None:
    told = Told(is_plain=False)
    told.tell(WorkBegins(MAIN, 2), Doing(MAIN, "starting the machine"))
    assert told.rows()[-1] == "  0 of 2 blocks done"
    left = []
    for event in (
        BlockBegins(MAIN, BLOCK, 1, 2, 30.0, replayed=True),
        BlockBegins(MAIN, BLOCK, 1, 2, 24.0),
        BlockEnds(MAIN, BLOCK, 4.0),
        BlockBegins(MAIN, BLOCK, 2, 2, 20.0),
    ):
        told.tell(event)
        left.append(told.rows()[-1])
        told.tell(seconds=4)
    assert left == [
        "  0 of 2 blocks done, about 30 s left",
        "  0 of 2 blocks done, about 24 s left",
        "  1 of 2 blocks done, about 20 s left",
        "  1 of 2 blocks done, about 20 s left",
    ]
    assert told.rows()[-1] == "  1 of 2 blocks done, about 16 s left"


def test_what_was_interrupted_is_stopped_and_what_never_began_is_not_spoken_of() -> None:
    told = Told(is_plain=False)
    told.tell(Doing(MAIN, "starting the machine"), BlockStopped(MAIN, BLOCK))
    assert told.lines == []
    told.tell(BlockBegins(MAIN, BLOCK, 1, 1, None), BlockStopped(MAIN, BLOCK))
    assert told.lines == ["  docker: stopped a-1"]


def test_a_session_that_is_over_has_no_row() -> None:
    rows = a_running_board().tell(WorkEnds(MAIN)).rows()
    assert "docker: " not in "".join(rows) and rows[0].startswith("* docker/db: ")


def test_names_and_commands_are_text_and_no_markup_and_no_control_codes() -> None:
    told = Told(is_plain=True)
    work = Work(Path("[bold]red.md"), "\x1b[31m")
    told.tell(Doing(work, "starting [link=x] the machine"))
    assert told.lines == ["  [bold]red/\\x1b[31m: starting [link=x] the machine"]


def test_a_step_has_a_row_with_its_time() -> None:
    told = Told(is_plain=False).tell("booting the machine", seconds=3.2)
    assert told.rows(30) == ["* booting the machine      3 s"]


def test_durations_are_for_people() -> None:
    assert [duration(seconds) for seconds in (0.9, 59.9, 60, 3727)] == ["0 s", "59 s", "1:00", "1:02:07"]
