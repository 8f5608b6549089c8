"""docs/security.md: each attacker and each claim names tests, and those tests are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
TESTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")
}
FUNCTIONS = {name for text in TESTS.values() for name in re.findall(r"^(?:async )?def (test_\w+)", text, re.MULTILINE)}
NAMED = re.compile(r"`((?:tests/[\w/]+/)?test_\w+(?:\.py)?)`")
THE_SAME = re.compile(r"\bthe same\b|\bboth\b|\ball of them\b|\bthe hostile deck\b|\btwice\b")
ATTACKERS = (
    "the author of a deck",
    "the guest",
    "a neighbour",
    "another user",
    "a contributor",
    "a student of a class",
)


def rows() -> list[list[str]]:
    """The cells of each row whose table says by what a claim is tried."""
    found, is_tried = [], False
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        if not cells:
            is_tried = False
        elif cells[-1].startswith("tried by"):
            is_tried = True
        elif is_tried and not set(line) <= set("|-"):
            found.append(cells)
    return found


def is_there(name: str) -> bool:
    if not name.endswith(".py"):
        return name in FUNCTIONS
    return (name if "/" in name else f"tests/hostile/{name}") in TESTS


@pytest.mark.parametrize("name", sorted(set(NAMED.findall(PAGE))))
def test_a_test_that_is_named_is_there(name: str) -> None:
    assert is_there(name)


@pytest.mark.parametrize("row", rows(), ids=lambda row: " ".join(row)[:60])
def test_each_claim_names_what_tries_it(row: list[str]) -> None:
    assert NAMED.search(row[-1]) or THE_SAME.search(row[-1]), row


def test_each_attacker_and_each_way_in_has_a_row() -> None:
    assert len(rows()) > 40
    first = [row[0] for row in rows()]
    assert [who for who in ATTACKERS if not any(cell.startswith(who) for cell in first)] == []
    told = " ".join(" ".join(row) for row in rows()).lower()
    ways = ("`castdeck present`", "class", "trust", "terminal", "speaker", "`serve`", "consent", "ports", "ci ")
    assert [way for way in ways if way not in told] == []


def test_every_hostile_test_file_is_named() -> None:
    files = {path.name for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).name}
    assert {name for name in files if name not in PAGE} == set()
