"""The codes of problems: the docs and the program agree on them, and castdeck.toml can leave them out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import castdeck
from castdeck.codes import Code, Severity, Subject
from tests.check.codes_table import DOCS, tables
from tests.conftest import Cli

PACKAGE = Path(castdeck.__file__).parent
FIXTURES = [Path(__file__).parents[1] / area / "fixtures" for area in ("deck", "check")]
ELSEWHERE = {  # these need more than a text: other tests have their cases
    Code.NOT_UTF8: "tests/cli/test_messages.py",
    Code.UNREADABLE_DECK: "tests/cli/test_messages.py",
    Code.MISSING_FILE: "tests/render/test_linked_files.py",
    Code.MISSING_IMAGE: "tests/render/test_images.py",
    Code.LONG_QR: "tests/render/test_small_things.py",
    Code.UNKNOWN_THEME: "tests/cli/test_check.py",
}


def test_the_tables_in_the_docs_are_those_of_the_codes() -> None:
    assert tables() in DOCS.read_text(encoding="utf-8"), "make codes writes them"


def sources() -> Iterator[str]:
    for file in PACKAGE.rglob("*.py"):
        if file != PACKAGE / "codes.py":
            yield file.read_text(encoding="utf-8")


def test_the_program_uses_every_code() -> None:
    used = set(re.findall(r"\bCode\.([A-Z0-9_]+)", "".join(sources())))
    assert used == set(Code.__members__)


@pytest.mark.parametrize("code", [code for code in Code if code.subject is Subject.TEXT and code not in ELSEWHERE])
def test_a_fixture_has_a_case_for(code: Code) -> None:
    texts = "".join(file.read_text(encoding="utf-8") for folder in FIXTURES for file in folder.glob("*.md"))
    assert re.search(rf"\[{code}(, column \d+)?\]$|^\d+:\d+: {code} (error|warning): ", texts, re.MULTILINE)


@pytest.mark.parametrize(("code", "file"), ELSEWHERE.items())
def test_another_test_has_a_case_for(code: Code, file: str) -> None:
    assert (Path(__file__).parents[2] / file).is_file()


@pytest.mark.parametrize("code", Code)
def test_meaning_and_remedy_are_sentences_that_fit_into_a_table(code: Code) -> None:
    assert code.severity in Severity
    for text in (code.meaning, code.remedy):
        assert text[0].isupper() or text.startswith(("`", "castdeck ", "docs/"))
        assert text.endswith(".") and "\n" not in text and "|" not in text


def deck_in_a_workspace(folder: Path, ignore: str) -> None:
    (folder / "castdeck.toml").write_text(f"ignore = {ignore}\n")
    (folder / "slides/one").mkdir(parents=True)
    (folder / "slides/one/deck.md").write_text('# One\n\n![](gone.png) <img src="data:,">\n')


def test_what_castdeck_toml_ignores_is_not_told(cli: Cli, tmp_path: Path) -> None:
    deck_in_a_workspace(tmp_path, '["missing-image", "image-without-alt"]')
    done = cli("check", "--no-browser", "--quiet")
    assert (done.status, done.out, done.err) == (0, "", "")
    assert cli("build", "--no-record").err == ""


def test_an_unknown_code_to_ignore_is_a_usage_error_that_names_the_near_one(cli: Cli, tmp_path: Path) -> None:
    deck_in_a_workspace(tmp_path, '["mising-image"]')
    done = cli("check", "--no-browser", "--quiet")
    assert (done.status, done.out) == (2, "")
    assert done.err.endswith("castdeck.toml:1: error: ignore: unknown 'mising-image'\n  did you mean missing-image?\n")


def test_ignore_is_a_list(cli: Cli, tmp_path: Path) -> None:
    deck_in_a_workspace(tmp_path, '"missing-image"')
    done = cli("check", "--no-browser", "--quiet")
    assert done.status == 2
    assert "castdeck.toml:1: error: ignore = 'missing-image': expected `array`, got `str`" in done.err
