"""The screen on which no flood takes long draws what pyte's own screen draws."""

import random
from collections import deque

import pyte
import pytest

from castdeck.cast.bounded_screen import BoundedScreen, ScrollingScreen
from castdeck.cast.terminal import VirtualTerminal

COLS, ROWS = 12, 5
PIECES = [
    *("a", "bc", "wide word ", "日", "e\u0301", "\r", "\n", "\r\n", "\b", "\t"),
    *("\x1bM", "\x1bD", "\x1bE", "\x1b7", "\x1b8", "\x1b[2;4r", "\x1b[1;3r", "\x1b[r"),
    *("\x1b[L", "\x1b[2L", "\x1b[M", "\x1b[3M", "\x1b[@", "\x1b[4@", "\x1b[P", "\x1b[2P", "\x1b[X", "\x1b[3X"),
    *("\x1b[K", "\x1b[1K", "\x1b[2K", "\x1b[J", "\x1b[1J", "\x1b[2J", "\x1b[3J"),
    *("\x1b[H", "\x1b[2;3H", "\x1b[5;12H", "\x1b[A", "\x1b[2B", "\x1b[3C", "\x1b[2D", "\x1b[31m", "\x1b[0m"),
]


def pieces(seed: int) -> list[str]:
    return random.Random(seed).choices(PIECES, k=60)


def fed(screen: pyte.Screen, *texts: str) -> pyte.Screen:
    stream = pyte.Stream(screen)
    for text in texts:
        stream.feed(text)
    return screen


def rows(screen: pyte.Screen) -> list[str]:
    """The letters of each row; the second half of a wide one has none."""
    return ["".join(screen.buffer[y][x].data for x in range(screen.columns)).rstrip() for y in range(screen.lines)]


@pytest.mark.parametrize("seed", range(60))
def test_it_draws_what_pyte_draws(seed: int) -> None:
    own, pytes = BoundedScreen(COLS, ROWS), pyte.Screen(COLS, ROWS)
    streams = pyte.Stream(own), pyte.Stream(pytes)
    for piece in pieces(seed):
        for stream in streams:
            stream.feed(piece)
        assert (rows(own), own.cursor.x, own.cursor.y) == (rows(pytes), pytes.cursor.x, pytes.cursor.y)


@pytest.mark.parametrize("seed", range(30))
def test_a_terminal_knows_how_far_its_rows_and_columns_were_used(seed: int) -> None:
    terminal, pytes = VirtualTerminal(COLS, ROWS), pyte.Screen(COLS, ROWS)
    stream = pyte.Stream(pytes)
    found = wanted = (1, 1)
    for piece in pieces(seed):
        terminal.feed(piece)
        stream.feed(piece)
        cols, used = terminal.take_reach()
        found = max(found[0], cols), max(found[1], used)
        drawn = [(x, y) for y in range(ROWS) for x in range(COLS) if pytes.buffer[y][x].data != " "]
        cols, used = (1 + max(places) for places in zip((pytes.cursor.x, pytes.cursor.y), *drawn, strict=True))
        wanted = min(COLS, max(wanted[0], cols)), max(wanted[1], used)
        assert found == wanted


@pytest.mark.parametrize(
    ("sequence", "left"),
    [
        ("\x1b[L", ["", "a", "b", "c"]),
        ("\x1b[M", ["b", "c", "d", ""]),
        ("\x1bM", ["", "a", "b", "c"]),
        ("\x1b[K", ["", "b", "c", "d"]),
        ("\x1b[X", ["", "b", "c", "d"]),
        ("\x1b[P", ["", "b", "c", "d"]),
        ("\x1b[@", [" a", "b", "c", "d"]),
        ("\x1b[J", ["", "", "", ""]),
    ],
)
def test_what_moves_rows_or_letters_is_done_as_long_as_work_is_left(sequence: str, left: list[str]) -> None:
    for work, expected in [(1000, left), (0, ["a", "b", "c", "d"])]:
        screen = BoundedScreen(6, 4)
        fed(screen, "a\r\nb\r\nc\r\nd\x1b[H")
        screen.work = work
        fed(screen, sequence)
        assert rows(screen) == expected


@pytest.mark.parametrize(
    ("sequence", "work"),
    [
        ("\x1b[L", 4),
        ("\x1b[M", 4),
        ("\x1bM", 4),
        ("\x1b[J", 10),
        ("\x1b[K", 6),
        ("\x1b[X", 6),
        ("\x1b[P", 2),
        ("\x1b[@", 2),
        ("\n", 0),
        ("\x1b[4H\n", 0),
        ("\x1b[2;4r\x1b[4H\n", 2),
    ],
)
def test_what_a_sequence_costs(sequence: str, work: int) -> None:
    screen = BoundedScreen(6, 4)
    fed(screen, "a\r\nb\r\nc\r\nd\x1b[H")
    before = screen.work
    fed(screen, sequence)
    assert before - screen.work == work


def test_characters_that_are_shown_earn_work() -> None:
    screen = BoundedScreen(6, 4)
    before = screen.work
    screen.earn(3)
    assert screen.work == before + 300
    assert screen.spends(screen.work) and not screen.spends(1) and screen.spends(0)


def test_a_tab_is_a_move_only_while_work_is_left() -> None:
    screen = BoundedScreen(20, 2)
    fed(screen, "\t")
    assert screen.cursor.x == 8
    screen.work = 0
    fed(screen, "\t")
    assert screen.cursor.x == 8


def test_of_the_accents_on_a_letter_the_first_eight_are_drawn() -> None:
    screen = BoundedScreen(6, 1)
    fed(screen, "e" + "\u0301" * 5)
    fed(screen, "\u0301" * 5 + "a\u0301")
    assert [screen.buffer[0][x].data.count("\u0301") for x in (0, 1)] == [7, 0]  # with e and with a, one is a character


def test_the_letters_after_many_accents_are_drawn() -> None:
    screen = BoundedScreen(6, 1)
    fed(screen, "q" + "\u0323" * 20, "yq", "\u0323" * 3)
    assert [len(screen.buffer[0][x].data) for x in range(3)] == [9, 1, 4]


def test_alignment_display_is_ignored() -> None:
    assert rows(fed(BoundedScreen(6, 2), "a\x1b#8")) == ["a", ""]


def test_rows_that_scroll_away_below_margins_are_not_kept() -> None:
    gone = deque[str](maxlen=5)
    fed(ScrollingScreen(gone, 6, 3), "a\r\nb\r\nc\r\nd", "\x1b[1;2r\x1b[2H\ne")
    assert list(gone) == ["a"]
