"""What may differ from one day to the next gets a name in its place; what says something stays."""

import re

import pytest

from castdeck.cast.model import Event
from castdeck.config import Verify, VerifyRule
from castdeck.errors import WorkspaceError
from castdeck.record.normalise import Rule, normalised, own_rules, printed_lines


@pytest.mark.parametrize(
    ("line", "normal"),
    [
        ("3f4e8b2a9c1d", "<id>"),
        ("sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0", "sha256:<id>"),
        ("[main 3f4e8b2] fix", "[main <id>] fix"),
        ("123e4567-e89b-12d3-a456-426614174000", "<uuid>"),
        ("2026-11-24T23:08:22Z", "<date>"),
        ("2026-11-24 23:08:22.123 +0000 UTC up", "<date> up"),
        ("Tue Nov 24 23:08:22 UTC 2026", "<date>"),
        ("Nov 24 23:08 file", "<date> file"),
        ("lin kitchen 24 Nov 26 21:10 today", "lin kitchen 24 <date> today"),
        ("24 Nov 23:08 file", "<date> file"),
        ("23:08:22", "<time>"),
        ("Up 3 seconds", "Up <duration>"),
        ("Up About a minute", "Up <duration>"),
        ("Less than a second ago", "<duration> ago"),
        ("64 bytes: time=0.045 ms", "64 bytes: time=0.045 ms"),
        ("since Thu 2026-11-26 20:01:02 UTC; 1h 4min ago", "since <date>; <duration> ago"),
        ("3 days 2h ago", "<duration> ago"),
        ("1min 35s ago", "<duration> ago"),
        ("real\t0m1.234s", "real <duration>"),
        ("took 1.5s", "took <duration>"),
        ("117MB", "<size>"),
        ("12.3 kB/s", "<size>"),
        ("302 bytes | 1024 bytes/s", "<size> | <size>"),
        ("Total 44 (delta 21), reused 0 (delta 0)", "Total 44 (delta <n>), reused 0 (delta <n>)"),
        ("4.0K\tdir", "<size> dir"),
        ("inet 172.17.0.2/16", "inet <address>/16"),
        ("listening on 127.0.0.1:80", "listening on 127.0.0.1:80"),
        ("load average: 0.10, 12.20, 0.30", "load average: <load>"),
        ("0.10 0.20 0.30 3/240 991", "<load> 3/240 991"),
        ("ether 02:42:ac:11:00:02", "ether <mac>"),
        ("[1] 4242", "[1] <pid>"),
        ("hello world", "hello world"),
        ("port 8080, exit 1, 3 files", "port 8080, exit 1, 3 files"),
        ("decade facade", "decade facade"),
        ("a    b", "a b"),
    ],
)
def test_what_varies_has_a_name(line: str, normal: str) -> None:
    assert normalised([line], ()) == [normal]


def test_a_workspace_adds_rules_of_its_own_which_come_first() -> None:
    rules = own_rules(Verify(rules=(VerifyRule(match=r"run #\d+", with_="run <n>"),)))
    assert normalised(["run #17 took 3s"], rules) == ["run <n> took <duration>"]


def test_a_rule_that_is_no_regular_expression_is_a_usage_error() -> None:
    with pytest.raises(WorkspaceError, match=re.escape("not a rule of verify: '(' (missing ): (")) as error:
        own_rules(Verify(rules=(VerifyRule(match="(", with_=""),)))
    assert error.value.exit_code == 2
    assert str(error.value).endswith(
        "\n  [[verify.rules]] has match = 'a regular expression' and with = 'what stands for it'"
    )


def test_carriage_returns_and_cursor_moves_leave_what_a_person_sees() -> None:
    output = [Event(0, "o", "10 %"), Event(1, "o", "\r100 %\r\n\x1b[31mred\x1b[0m\r\n\x1b[1A\x1b[2Kgone\r\n\r\n")]
    assert printed_lines(output, 80, 24) == ["100 %", "gone"]


def test_how_often_a_clock_has_struck_does_not_count_but_other_lines_do() -> None:
    assert normalised(["10:00:01 tick", "10:00:02 tick", "10:00:03 tick", "10:00:04 tock"], ()) == [
        "<time> tick",
        "<time> tock",
    ]
    assert normalised(["3f4e8b2a9c1d", "aa4e8b2a9c1d"], ()) == ["<id>", "<id>"]


def test_when_the_shell_tells_that_a_job_has_ended_does_not_count() -> None:
    said = [
        "[1]+  Terminated              python3 serve.py",
        "[2]-  Exit 1   false",
        "[3]   Done(1)  x",
        "[1]+  Running  sleep 9 &",
    ]
    assert normalised(["a", *said, "b"], ()) == ["a", "[1]+ Running sleep 9 &", "b"]


def test_blank_ends_do_not_count() -> None:
    assert normalised(["a", "", ""], (Rule(re.compile("a"), ""),)) == []


def test_what_a_pager_draws_stands_on_a_screen_of_its_height_below_what_has_left_it() -> None:
    first = "commit 132410b73667045c4a\r\nAuthor: Ada\r\none\r\n"
    again = "\x1b[1;1Hcommit 132410b73667045c4a\x1b[3;1H...skipping...\r\n    soup\r\nend"
    assert printed_lines([Event(0, "o", first + again)], 80, 3) == [
        "commit 132410b73667045c4a",
        "commit 132410b73667045c4a",
        "one",
        "...skipping...",
        "    soup",
        "end",
    ]
