"""`castdeck build` of a whole workspace: what is wrong with one deck is that deck's own."""

from pathlib import Path

import pytest

from tests.conftest import Cli


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a deck that can be built."""
    (tmp_path / "castdeck.toml").touch()
    put(tmp_path, "good", "# Good {#good}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(course: Path, name: str, text: str) -> None:
    (course / "slides" / name).mkdir(parents=True)
    (course / "slides" / name / "deck.md").write_text(text, encoding="utf-8")


def test_a_deck_that_can_not_be_read_leaves_the_others_alone(cli: Cli, course: Path) -> None:
    put(course, "bad", "---\nvariables: [1\n---\n\n# Bad\n")
    outcome = cli("build", "--no-record")
    assert outcome.status == 1
    assert "slides/bad/deck.md:3: error" in outcome.err
    assert outcome.out.splitlines() == [str(course / "public/good/index.html")]


def test_a_deck_that_can_not_be_written_leaves_the_others_alone(cli: Cli, course: Path) -> None:
    put(course, "another", "# Another\n")
    (course / "public/another").mkdir(parents=True)
    (course / "public/another/mine.txt").touch()
    outcome = cli("build", "--no-record")
    assert outcome.status == 1
    assert "is not a deck that castdeck built" in outcome.err
    assert outcome.out.splitlines() == [str(course / "public/good/index.html")]


def test_a_name_as_long_as_a_folder_may_have_is_built(cli: Cli, course: Path) -> None:
    put(course, "n" * 255, "# Long\n")
    assert cli("build", "--no-record").status == 0
    assert (course / "public" / ("n" * 255) / "index.html").is_file()
