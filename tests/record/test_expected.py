"""What is really printed goes into the text of transcripts, and nothing else of the text changes."""

from castdeck.record.expected import Expected, with_printed

TEXT = "# A\n\n```console\n$ ls\none\ntwo\n$ pwd\n/\n```\n\nText.\n"


def test_what_is_printed_stands_in_place_of_what_was_said() -> None:
    expected = [Expected(5, ("one", "two"), ("three",)), Expected(8, ("/",), ("/home", "  more  "))]
    assert with_printed(TEXT, expected) == ("# A\n\n```console\n$ ls\nthree\n$ pwd\n/home\n  more\n```\n\nText.\n")


def test_a_block_in_a_list_or_a_quote_keeps_its_place() -> None:
    text = "- item\n\n  ```console\n  $ ls\n  one\n  ```\n\n> ```console\n> $ ls\n> one\n> ```\n"
    expected = [Expected(5, ("one",), ("two", "", "three")), Expected(10, ("one",), ("four",))]
    assert with_printed(text, expected) == (
        "- item\n\n  ```console\n  $ ls\n  two\n\n  three\n  ```\n\n> ```console\n> $ ls\n> four\n> ```\n"
    )


def test_line_ends_stay() -> None:
    assert with_printed("$ ls\r\nX\r\nend", [Expected(2, ("X",), ("a", "b"))]) == "$ ls\r\na\r\nb\r\nend"


def test_what_is_no_longer_there_is_left() -> None:
    for gone in (Expected(5, ("other",), ("x",)), Expected(50, ("one",), ("x",)), Expected(5, (), ("x",))):
        assert with_printed(TEXT, [gone]) == TEXT


def test_output_that_would_end_the_block_is_left() -> None:
    for line in ("```", "  ~~~ and more"):
        assert with_printed(TEXT, [Expected(5, ("one", "two"), (line, "x"))]) == TEXT


def test_a_line_that_only_ends_like_what_was_said_is_left() -> None:
    text = "$ ls\nnot one\n"
    assert with_printed(text, [Expected(2, ("one",), ("two",))]) == text
    assert with_printed(f"> {text}> done\n", [Expected(3, ("done",), ("two",))]) == f"> {text}> two\n"


def test_lines_of_other_indentation_are_left() -> None:
    text = "  one\n    two\n"
    assert with_printed(text, [Expected(1, ("one", "two"), ("x",))]) == text
    assert with_printed(text, [Expected(1, ("one", "  two"), ("x",))]) == "  x\n"
    assert with_printed("  one\n\n", [Expected(1, ("one", ""), ("x", ""))]) == "  x\n\n"


def test_blanks_at_the_end_of_a_line_are_part_of_it() -> None:
    assert with_printed("  one  \r\n", [Expected(1, ("one  ",), ("two",))]) == "  two\r\n"
