"""The log of a recording: what happened, without secrets and marks, never too large, and no reason to stop."""

import errno
from pathlib import Path
from typing import TextIO, cast

from castdeck.codes import Code
from castdeck.deck.model import CommandLine
from castdeck.problems import Place, Problem
from castdeck.record.events import (
    BlockBegins,
    BlockDrifts,
    BlockEnds,
    BlockStopped,
    CommandBegins,
    Doing,
    Shown,
    Work,
    WorkEnds,
)
from castdeck.record.journal import Journal, journal
from tests.record.made import a_block
from tests.shell_marks import ended

WORK, OTHER = Work(Path("deck.md")), Work(Path("deck.md"), "db")
BLOCK = a_block("ls")
PROBLEM = Problem(Code.DRIFTED, Place(Path("deck.md"), 4), "it prints something else")


def lines(path: Path) -> list[str]:
    """What the log says, without the times."""
    return [line.partition(" ")[2] for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_each_event_is_a_line_with_its_deck_and_session(tmp_path: Path) -> None:
    with journal(tmp_path) as log:
        log.step("making the machine ready")
        log.tell(Doing(OTHER, "starting the machine"))
        log.tell(BlockBegins(WORK, BLOCK, 1, 2, None))
        log.tell(BlockBegins(WORK, BLOCK, 1, 2, None, replayed=True))
        log.tell(CommandBegins(WORK, CommandLine("ls", 4)))
        log.tell(Shown(WORK, b"one\r\n"))
        log.tell(BlockEnds(WORK, BLOCK, 1.25))
        log.tell(BlockEnds(WORK, BLOCK, failed=True, problem=PROBLEM))
        log.tell(BlockDrifts(WORK, BLOCK, PROBLEM))
        log.tell(BlockStopped(WORK, BLOCK))
        log.tell(WorkEnds(WORK))
    assert lines(log.path) == [
        " making the machine ready",
        "deck.md [db] starting the machine",
        "deck.md records a-1",
        "deck.md runs again a-1",
        "deck.md line 4: ls",
        "deck.md | 'one\\r\\n'",
        "deck.md a-1: 1.25 s",
        f"deck.md a-1: failed {PROBLEM}",
        f"deck.md a-1: {PROBLEM}",
        "deck.md a-1: stopped",
    ]


def test_a_secret_is_in_no_line_also_where_two_outputs_share_it_and_marks_are_in_none(tmp_path: Path) -> None:
    with journal(tmp_path, ["s3cr3t-value"]) as log:
        log.tell(Doing(WORK, "sending s3cr3t-value"))
        log.tell(Shown(WORK, b"it is s3cr3t"))
        log.tell(Shown(OTHER, "für s3cr3t".encode()))
        log.tell(Shown(WORK, b"-value\r\n" + ended().encode()))
        log.tell(BlockStopped(OTHER, BLOCK))
    assert lines(log.path) == [
        "deck.md sending ••••••••",
        "deck.md | 'it is '",
        "deck.md [db] | 'für '",
        "deck.md | '••••••••\\r\\n'",
        "deck.md [db] | 's3cr3t'",
        "deck.md [db] a-1: stopped",
    ]


def test_of_a_flood_each_command_has_its_beginning(tmp_path: Path) -> None:
    with journal(tmp_path) as log:
        for _ in range(2):
            log.tell(CommandBegins(WORK, CommandLine("yes", 4)))
            for _ in range(5):
                log.tell(Shown(WORK, b"y" * 100_000))
            log.tell(BlockStopped(WORK, BLOCK))
    assert [line.count("y") for line in lines(log.path) if "|" in line] == [100_000] * 4


def test_only_its_owner_may_read_it_and_of_old_logs_twenty_stay(tmp_path: Path) -> None:
    for number in range(25):
        (tmp_path / "logs").mkdir(exist_ok=True)
        (tmp_path / f"logs/record-2020010{number // 10}-{number:06}-000001.log").touch()
    with journal(tmp_path) as log:
        assert log.path.stat().st_mode & 0o777 == 0o600
    left = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert len(left) == 20 and left[-1] == log.path.name and left[0].endswith("000006-000001.log")
    assert log.path.read_text(encoding="utf-8").splitlines()[0].split()[1] == "Python"


def test_a_full_disk_stops_nothing() -> None:
    class Full:
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    Journal(Path("log"), cast("TextIO", Full()), ()).step("going on")
