"""What the page shows of a terminal while a block is recorded."""

import base64

from castdeck.serve.output import Output, hidden


def look(*prints: bytes, secrets: tuple[str, ...] = (), cols: int = 40) -> str:
    output = Output(cols, 10, secrets)
    for data in prints:
        output.feed(data)
    return output.look() or ""


def test_the_lines_are_plain_text_without_marks_and_colours() -> None:
    shown = look(b"ls\r\n\x1b]133;C\x07\x1b[1;34mun\x1b[0m d\xc3", b"\xa9j\xc3\xa0\r\n\x1b]133;D;0\x07")
    assert shown == "$ ls\nun déjà"


def test_a_progress_bar_is_one_line() -> None:
    assert look(b"pull\r\n", b"10 %\r", b"60 %\r", b"100 %") == "$ pull\n100 %"


def test_the_last_lines_of_many_stay() -> None:
    shown = look(*(f"{n}\r\n".encode() for n in range(100_000)))
    assert shown.splitlines()[-1] == "99999"
    assert len(shown.splitlines()) == 9


def test_nothing_new_is_told_as_that() -> None:
    output = Output(40, 10, ())
    output.feed(b"x")
    assert output.look() == "$ x"
    assert output.look() is None


def test_a_secret_is_never_seen_even_over_two_lines_in_colour_or_encoded() -> None:
    secret = "hunter2-is-no-secret"
    printed = b"x" * 30 + b"hun\x1b[31mter2-is-" + b"no-secret\r\n" + base64.b64encode(secret.encode()) + b"\r\n."
    shown = look(printed, secrets=(secret,))
    assert shown.splitlines()[:2] == ["$ " + "x" * 30 + "•" * 8, "•" * 12]
    assert shown.splitlines()[-1] == "."
    assert not any(part in shown for part in ("hunter", "secret", "aHVudGVy"))


def test_a_secret_that_is_printed_just_now_or_scrolls_out_is_hidden_too() -> None:
    assert look(b"echo hunter2-is", secrets=("hunter2-is-no-secret",)) == "$ echo " + "•" * 10
    assert hidden("no-secret is here", 17, ["hunter2-is-no-secret"]) == "•" * 9 + " is here"
    assert hidden("hunt for it", 11, ["hunter2-is-no-secret"]) == "hunt for it"
