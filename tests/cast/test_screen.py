"""The screen that a cast ends with, whatever programs write to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from castdeck.cast.model import Cast, Event
from castdeck.cast.screen import footprint, last_screen
from castdeck.cast.terminal import VirtualTerminal, abridged


def cast(*shown: str) -> Cast:
    return Cast(20, 5, tuple(Event(number, "o", text) for number, text in enumerate(shown)))


@pytest.mark.parametrize(
    ("shown", "screen"),
    [
        (["one\r\ntwo"], ["one", "two"]),
        (["50 %\r100 %"], ["100 %"]),
        (["gone\x1b[2J\x1b[Hhere"], ["here"]),
        (["gone\r\n\x1b[3J\x1b[Ahere"], ["here"]),
        (["one\r\ngone\x1b[4D\x1b[0Ktwo\r\ngone\r\x1b[0J"], ["one", "two"]),
        (["a\x1b[?7;3hb\x1b[?25;5lc"], ["abc"]),
        (["one\x1b[4Jtwo\x1b[3Kthree"], ["onetwothree"]),
        (["one\r\ntwo\r\nthree\x1b[A\x1b[2D\x1b[J"], ["one", "two"]),
        (["one\r\ntwo\r\nthree\x1b[A\x1b[2D\x1b[1J"], ["", "", "three"]),
        (["\x1b[>4;2mvim", "\x1b[?4m asks\x1b[>c"], ["vim asks"]),
        (["a\x1b[4:3mcurl\x1b[38:2::1:2:3m b"], ["acurl b"]),
        (["a\x1b[<ub\x1b[=1;2uc"], ["abc"]),
        (["a\x1bP+q544e\x1b\\b\x1b_Gf=1;aa\x1b\\c"], ["abc"]),
        (["a\x1bP$q", "m\x1b\\b"], ["ab"]),
        (["a\x1bPq\x1b", "\\b"], ["ab"]),
        (["gone\r\n\x1b[A\x1b[2Khe"], ["he"]),
        (["a\x1b[31", "mb"], ["ab"]),
        (["a\x1b[1;2;3Xb\x1b[?1X\x1b[1 Xc"], ["abc"]),
        (["\x1b[1;2;3Aa\x1b[2 qb"], ["ab"]),
        (["cut\x1b[", "31mred"], ["cutred"]),
        (["cut\x1b[3\r\nx\x9b31mred"], ["cut", "xred"]),
        (["a\x1bPno end, ever"], ["a"]),
        (["日本\r\n\x1b[A\x1b[@b"], ["b日本"]),
        (["$ vi\r\n\x1b[?1049h\x1b[H~ editor", "\x1b[?1049l$ ls\r\na"], ["$ vi", "$ ls", "a"]),
        (["$ less\r\n\x1b[?1049h", "\x1b[Hpage"], ["page"]),
    ],
)
def test_the_last_screen_has_what_was_drawn_and_no_part_of_a_control_sequence(
    shown: list[str], screen: list[str]
) -> None:
    assert last_screen(cast(*shown)) == screen


def test_a_program_on_the_whole_screen_uses_all_of_it() -> None:
    shown = "$ vi\r\n\x1b[?1049hx\x1b[?1049l"
    assert (footprint(cast(shown)).cols, footprint(cast(shown)).rows) == (20, 5)


CONTROLS = st.from_regex(r"\x1b(\[[<-?]?[0-9:;]{0,6}[ -/]?[@-~]|[PX^_\]][a-z;0-9]{0,5}(\x1b\\|\x07)?|[ -~]|[()#%].)")


@given(st.lists(st.one_of(CONTROLS, st.text(max_size=8)), max_size=12))
def test_no_output_is_too_strange(shown: list[str]) -> None:
    print_of = footprint(cast(*shown))
    assert 1 <= print_of.cols <= 20
    assert 1 <= print_of.rows <= 5


def test_a_text_too_long_to_draw_is_cut_at_line_ends_where_it_has_any() -> None:
    assert abridged("0123\n" * 10, most=20) == ("0123\n" * 2, "0123\n" * 7, "0123\n")
    assert abridged("x" * 50, most=20) == ("x" * 10, "x" * 30, "x" * 10)
    assert abridged("x" * 20, most=20) == ("x" * 20, "", "")


@pytest.mark.parametrize(
    ("shown", "cols", "rows"),
    [
        ("", 1, 1),
        ("one\r\n", 3, 2),
        ("to the right\r\n\n\r\x1b[3A", 12, 3),
        ("\r\n" * 40_000, 1, 5),
        ("ab\r\n" * 40_000, 2, 5),
        ("a" * 12 + "\r\n" * 40_000 + "a" * 15 + "\r\n" * 40_000, 15, 5),
        ("a\r\n" * 40_000 + "\x1b[H" + "a\r\n" * 40_000, 20, 5),
    ],
)
def test_what_a_cast_uses_of_its_terminal(shown: str, cols: int, rows: int) -> None:
    assert (footprint(cast(shown)).cols, footprint(cast(shown)).rows) == (cols, rows)


def test_each_letter_keeps_its_colour() -> None:
    terminal = VirtualTerminal(20, 2)
    terminal.feed("\x1b[31mred\x1b[0m, \x1b[1mbold")
    first, second = terminal.cells()
    assert "".join(char.data for char in first) == "red, bold" and second == ()
    assert [char.fg for char in first[:4]] == ["red"] * 3 + ["default"]
    assert [char.bold for char in first[4:6]] == [False, True]


@pytest.mark.parametrize("cut", range(1, 9))
def test_a_control_string_that_comes_in_two_pieces_is_not_shown(cut: int) -> None:
    text = "a\x1bPqr\x1b\\b"
    terminal = VirtualTerminal(20, 1)
    for part in (text[:cut], text[cut:]):
        terminal.feed(part)
    assert terminal.lines[0].rstrip() == "ab"


def test_rows_that_leave_the_screen_are_kept_empty_ones_too() -> None:
    terminal = VirtualTerminal(20, 2, kept=2)
    terminal.feed("gone\r\na\r\n\r\nb\r\nc")
    assert (terminal.gone, [line.rstrip() for line in terminal.lines]) == (("a", ""), ["b", "c"])
