"""What is seen while decks are recorded."""

import io
import re
from pathlib import Path

from rich.console import Console

from castdeck.cli.display import Display
from castdeck.record.events import BlockBegins, BlockEnds, CommandBegins, Doing, Event, Work, WorkEnds
from tests.record.made import a_block

BLOCK = a_block("echo one")
MAIN, DATABASE = Work(Path("slides/docker/deck.md")), Work(Path("slides/docker/deck.md"), "db")
EVENTS: list[Event] = [
    Doing(MAIN, "starting the machine"),
    BlockBegins(MAIN, BLOCK, 1, 2, 12.4),
    CommandBegins(MAIN, BLOCK.lines[0]),
    BlockEnds(MAIN, BLOCK, 1.0),
    BlockBegins(DATABASE, BLOCK, 2, 2, None, replayed=True),
    BlockEnds(DATABASE, BLOCK, failed=True),
]


def told(is_terminal: bool, events: list[Event]) -> tuple[Display, io.StringIO, Console]:
    file = io.StringIO()
    console = Console(file=file, force_terminal=is_terminal, width=100, highlight=False)
    shown = Display(console, "recorded")
    shown.step("booting the machine")
    for event in events:
        shown.tell(event)
    return shown, file, console


def without_times(text: str) -> list[str]:
    return re.sub(r"\d+\.\d s", "0.0 s", text).splitlines()


def test_where_there_is_no_terminal_each_step_is_a_line() -> None:
    _, file, _ = told(False, EVENTS)
    assert without_times(file.getvalue()) == [
        "  booting the machine ...",
        "  booting the machine  0.0 s",
        "  docker: starting the machine",
        "  docker: a-1 (1 of 2, about 12 s left)",
        "  docker: recorded a-1  0.0 s",
        "  docker/db: running a-1 again (2 of 2)",
        "  docker/db: failed a-1  0.0 s",
    ]


def test_on_a_terminal_each_session_that_runs_has_a_line_with_its_slide_command_and_time() -> None:
    shown, file, console = told(True, EVENTS[:3])
    file.truncate(0)
    console.print(shown)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", file.getvalue())
    assert re.search(r"docker: a-1 +1 of 2 +echo one +0 s, about 12 s left", plain)


def test_a_session_that_is_over_has_no_line_any_more() -> None:
    shown, file, console = told(True, [*EVENTS, WorkEnds(MAIN)])
    file.truncate(0)
    console.print(shown)
    assert "docker: " not in file.getvalue() and "docker/db: " in file.getvalue()
