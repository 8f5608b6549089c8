"""What `verify` tells, in each of its forms."""

from pathlib import Path
from xml.etree import ElementTree

from castdeck.cli.reports import github, junit, text
from castdeck.record.drift import Drift
from castdeck.record.verify import Verified
from castdeck.workspace import DeckPlace
from tests.record.made import a_deck

DECK = a_deck("# A {#a}\n\n```bash\necho one\n```\n\n```bash\necho two\n```\n")
DRIFT = Drift(8, "echo two", "it prints something else than was recorded", ("-50 %", "+\x1b60 %, or: so"))
FOUND = [
    (
        DeckPlace(Path("slides/docker/deck.md"), "docker", Path("recordings")),
        [Verified(DECK.blocks[0], 1.25, ()), Verified(DECK.blocks[1], 2.0, (DRIFT,))],
    )
]


def test_for_people() -> None:
    assert text(FOUND).splitlines() == [
        "deck.md:8: echo two: it prints something else than was recorded",
        "    -50 %",
        "    +\x1b60 %, or: so",
        "docker: 1 blocks still true, 1 drifted",
    ]


def test_for_github() -> None:
    assert github(FOUND) == (
        "::error file=deck.md,line=8,title=docker has drifted::"
        "echo two: it prints something else than was recorded%0A-50 %25%0A+\x1b60 %25, or: so"
    )


def test_for_junit() -> None:
    suites = ElementTree.fromstring(junit(FOUND))
    (suite,) = suites
    assert suite.attrib == {"name": "docker", "tests": "2", "failures": "1"}
    first, second = suite
    assert (first.get("name"), first.get("time"), list(first)) == ("a-1", "1.250", [])
    assert (second.get("name"), second.get("line"), second.get("file")) == ("a-2", "7", "deck.md")
    assert "deck.md:8: echo two" in (second[0].text or "") and "+60 %" in (second[0].text or "")
