"""What `verify` tells, in each of its forms."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from castdeck.cli.html_report import html
from castdeck.cli.reports import exit_status, github, junit, text
from castdeck.record.drift import Drift
from castdeck.record.verdict import SessionVerdict, session_verdicts
from castdeck.record.verified import Verification
from castdeck.record.verify import Verified
from tests.record.made import a_deck

DECK = a_deck("# A {#a}\n\n```bash\necho one\n```\n\n```bash\necho two\n```\n")
DRIFT = Drift(8, "echo two", "it prints something else than was recorded", ("-50 %", "+\x1b60 %, <b>or: so"))
FOUND = session_verdicts(
    "docker",
    Path("slides/docker/deck.md"),
    [Verified(DECK.blocks[0], 1.25, ()), Verified(DECK.blocks[1], 2.0, (DRIFT,))],
)
LOST = SessionVerdict("docker", "db", (), "its worker was lost")


def test_for_people() -> None:
    assert text([*FOUND, LOST]).splitlines() == [
        "deck.md:8: echo two: it prints something else than was recorded",
        "    -50 %",
        "    +\x1b60 %, <b>or: so",
        "docker/db: not run: its worker was lost",
        "docker: 1 block as recorded, 1 drifted",
    ]


def test_for_github() -> None:
    assert github([*FOUND, LOST]).splitlines() == [
        "::error file=deck.md,line=8,title=docker has drifted::"
        "echo two: it prints something else than was recorded%0A-50 %25%0A+\x1b60 %25, <b>or: so",
        "::error ::docker/db: not run: its worker was lost",
    ]


def test_for_junit() -> None:
    suite, lost = ElementTree.fromstring(junit([*FOUND, LOST]))
    assert suite.attrib == {"name": "docker", "tests": "2", "failures": "1", "errors": "0"}
    first, second = suite
    assert (first.get("name"), first.get("time"), list(first)) == ("a-1", "1.250", [])
    assert (second.get("name"), second.get("line"), second.get("file")) == ("a-2", "7", "deck.md")
    assert "deck.md:8: echo two" in (second[0].text or "") and "+60 %" in (second[0].text or "")
    assert lost.get("errors") == "1" and lost[0][0].get("message") == "its worker was lost"


def test_a_page_for_people() -> None:
    earlier = [Verification(1.79e9, "0", "docker-1", 2, drifted, 3.0) for drifted in (0, 1)]
    page = html([*FOUND, LOST], {"docker": earlier}, datetime(2026, 11, 26, 12, 30, tzinfo=UTC))
    assert "1 of 2 blocks drifted, 1 sessions not run" not in page
    assert "<title>castdeck verify: 1 of 2 blocks drifted, 1 session not run</title>" in page
    assert "26 Nov 2026, 12:30 UTC" in page
    assert "deck.md:7" in page and "-50 %\n+\\x1b60 %, &lt;b&gt;or: so</pre>" in page
    assert page.count('<i class="drifted"') == 1 and page.count("<i title=") == 1
    assert "not run: its worker was lost" in page
    assert "http" not in page and "<script" not in page


@pytest.mark.parametrize(
    ("verdicts", "status"), [([], 0), (FOUND[:0], 0), (FOUND, 1), ([LOST], 2), ([*FOUND, LOST], 2)]
)
def test_the_exit_status(verdicts: list[SessionVerdict], status: int) -> None:
    assert exit_status(verdicts) == status
