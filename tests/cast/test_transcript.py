"""A cast as text: what a person who can't watch it reads."""

import re

from castdeck.cast.model import Cast, Event
from castdeck.cast.transcript import Spoken, transcript


def printed(text: str, cols: int = 40, rows: int = 5) -> tuple[str, ...]:
    """What the transcript says that the one command of a cast printed."""
    events = (
        Event(0, "o", "$ "),
        Event(0, "m", "ls"),
        Event(0, "o", "ls -l 'a b'\r\n"),
        Event(1, "o", text),
        Event(2, "o", "$ "),
    )
    (spoken,) = transcript(Cast(cols, rows, events))
    return spoken.output


def test_of_what_scrolls_every_line_is_kept() -> None:
    assert printed("".join(f"{n}\r\n" for n in range(9))) == tuple("012345678")


def test_a_pager_is_told_as_the_screen_that_it_left() -> None:
    first = "".join(f"line {n}\r\n" for n in range(9)) + ":"
    home = "\r\x1b[K\x1b[H" + "".join(f"found {n}\x1b[K\r\n" for n in range(4)) + ":\r\x1b[K"
    assert printed(first + home) == ("found 0", "found 1", "found 2", "found 3")


def test_scrolling_back_in_a_pager_leaves_no_parts_of_other_lines() -> None:
    pages = "".join(f"a much longer line {n}\r\n" for n in range(9)) + ":"
    assert printed(f"{pages}\r\x1b[K\x1b[H\x1bMtop\r\n")[:2] == ("top", "a much longer line 5")


def test_of_a_program_on_the_second_screen_the_last_screen_is_told() -> None:
    assert printed("\x1b[?1049hedited\x1b[?1049l") == ("edited",)


def test_a_line_that_is_written_over_is_told_as_it_was_left() -> None:
    assert printed("10 %\r100 %\r\n") == ("100 %",)


def test_the_spaces_before_the_first_line_are_kept() -> None:
    assert printed("  deep\r\nflat\r\n") == ("  deep", "flat")


def test_of_more_than_400_lines_the_transcript_says_how_many_it_leaves_out() -> None:
    assert printed("".join(f"{n}\r\n" for n in range(400))) == tuple(map(str, range(400)))
    assert printed("".join(f"{n}\r\n" for n in range(401)))[299:302] == ("299", "[1 lines]", "301")


def test_a_line_that_is_longer_than_the_terminal_is_wide_is_one_line() -> None:
    assert printed(f"{'x' * 100}\r\nshort\r\n") == ("x" * 100, "short")


def test_of_a_flood_that_moves_the_cursor_the_beginning_and_the_end_are_told() -> None:
    told = printed("".join(f"{n}\r\x1b[K{n} of many\r\n" for n in range(9_000)))
    assert told[0] == "0 of many" and told[-1] == "8999 of many"
    assert any(re.fullmatch(r"\[\d+ lines\]", line) for line in told)


def test_of_a_command_that_was_interrupted_before_it_showed_anything_there_is_no_output() -> None:
    cast = Cast(40, 5, (Event(0, "o", "$ "), Event(0, "m", "ls"), Event(1, "m", "ls")))
    assert [spoken.output for spoken in transcript(cast)] == [(), ()]


def test_empty_lines_that_scroll_away_are_lines() -> None:
    assert printed("a\r\n" + "\r\n" * 8 + "b\r\n") == ("a", *[""] * 8, "b")


def test_each_command_has_its_label_its_prompt_without_colours_and_its_lines() -> None:
    events = (
        Event(0, "o", "welcome\r\n\x1b[1;32m~ $\x1b[0m "),
        Event(0, "m", "for"),
        Event(0, "o", "for i in 1; do\r\n> "),
        Event(0, "o", "echo a; done\r\n"),
        Event(1, "o", "a\r\n"),
        Event(2, "o", "# "),
        Event(2, "m", "ls"),
        Event(2, "o", "ls\r\n"),
        Event(3, "o", "b\r\n$ "),
    )
    assert transcript(Cast(40, 5, events), (2,)) == (Spoken("for", "~ $ ", ("a",)), Spoken("ls", "# ", ("b",)))
    assert transcript(Cast(40, 5, events))[0].output == ("> echo a; done", "a")


def test_a_cast_without_markers_has_no_commands() -> None:
    assert transcript(Cast(40, 5, (Event(0, "o", "a\r\n"),))) == ()


def test_a_command_that_is_still_being_typed_has_no_output() -> None:
    cast = Cast(40, 5, (Event(0, "o", "$ "), Event(0, "m", "ls"), Event(0, "o", "ls")))
    assert transcript(cast) == (Spoken("ls", "$ ", ()),)


def test_of_several_programs_on_the_second_screen_the_last_is_told() -> None:
    shown = "before\x1b[?1049hone\x1b[?1049lbetween\x1b[?47htwo\x1b[?47lafter\r\n"
    assert printed(shown) == ("two",)


def test_the_screen_of_a_program_is_as_high_as_the_terminal() -> None:
    drawn = "\x1b[H" + "".join(f"line {n}\r\n" for n in range(9)) + "end\r\n"
    assert printed(drawn) == ("line 6", "line 7", "line 8", "end")


def test_of_a_cast_that_prints_too_much_to_be_drawn_the_text_is_told() -> None:
    flood = "x\rab\x1b[1m\r\n" * 5_000  # drawn: ab; as text: xab
    events = [Event(0, "o", "$ ")]
    for number in range(8):
        events += [
            Event(0, "m", str(number)),
            Event(0, "o", f"{number}\r\n"),
            Event(1, "o", flood),
            Event(2, "o", "$ "),
        ]
    told = [spoken.output[0] for spoken in transcript(Cast(40, 5, tuple(events)))]
    assert told[:3] == ["ab"] * 3 and told[-1] == "xab"
