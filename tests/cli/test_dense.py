"""`--split-dense` and `dense: split`: a slide that is too full goes on on the next, and the author is told."""

import re
from pathlib import Path

import pytest

from tests.conftest import Cli

pytestmark = pytest.mark.browser
LIST = "".join(f"- point {n}, and a few words more that say what it is about\n" for n in range(24))
TEXT = f"# Short\n\nwords\n\n---\n\n# Long\n\nFirst:\n\n{LIST}\n---\n\n# Stays {{.whole}}\n\n{LIST}"


def titles(folder: Path) -> list[str]:
    return re.findall("<h1>(.*)</h1>", (folder / "out/index.html").read_text())


def test_a_dense_slide_goes_on_on_the_next_where_it_is_asked_for(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deck.md").write_text(TEXT)
    arguments = ("build", "deck.md", "--no-record", "--out", "out")
    assert cli(*arguments).status == 0
    assert titles(tmp_path) == ["Short", "Long", "Stays"]
    done = cli(*arguments, "--split-dense")
    assert done.status == 0
    assert titles(tmp_path) == ["Short", "Long", "Long (2/3)", "Long (3/3)", "Stays"]
    assert done.err == (
        "deck.md:7: slide 'long' is too full, and continues on 2 more\n"
        "deck.md:38: slide 'stays' is too full, and can't be split automatically: split it by hand\n"
    )
    page = (tmp_path / "out/index.html").read_text()
    assert page.count("point ") == 2 * 24


def test_the_front_matter_asks_for_it_and_check_finds_nothing_wrong_with_what_comes_of_it(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "deck.md").write_text(f"---\ndense: split\n---\n\n# Long\n\n{LIST}")
    assert cli("build", "deck.md", "--no-record", "--out", "out").status == 0
    assert titles(tmp_path) == ["Long", "Long (2/3)", "Long (3/3)"]
    assert "unknown-setting" not in cli("check", "deck.md", "--no-browser").out
