"""Every problem has a code, and docs/check.md tells of every code; castdeck.toml may ignore some."""

import re
from collections.abc import Iterator
from pathlib import Path

import castdeck
from castdeck.check.codes import CODES, ERRORS
from tests.conftest import Cli

PACKAGE = Path(castdeck.__file__).parent
DOCS = PACKAGE.parents[1] / "docs/check.md"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| (error|warning) \| .+ \| .+ \|$", re.MULTILINE)
CODE = re.compile(r'code="([a-z0-9-]+)"|subject\.problem\(\s*"([a-z0-9-]+)"')


def test_the_table_in_the_docs_has_every_code_as_it_is_weighed() -> None:
    table = dict(ROW.findall(DOCS.read_text(encoding="utf-8")))
    assert table == {code: "error" if code in ERRORS else "warning" for code in CODES}


def sources() -> Iterator[str]:
    """The program but for the lists of codes, and for what happens while blocks are recorded."""
    for file in PACKAGE.rglob("*.py"):
        if file.name not in ("codes.py", "failure.py"):
            yield file.read_text(encoding="utf-8")


def test_the_program_uses_no_other_codes_and_all_of_these() -> None:
    source = "".join(sources())
    used = {code for found in CODE.findall(source) for code in found if code}
    assert used <= CODES
    assert {code for code in CODES if f'"{code}"' not in source} == set()


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
    assert done.err == (
        "error: castdeck.toml: ignore has 'mising-image', which is no code of a problem\n"
        "  did you mean missing-image?\n"
    )


def test_ignore_is_a_list(cli: Cli, tmp_path: Path) -> None:
    deck_in_a_workspace(tmp_path, '"missing-image"')
    done = cli("check", "--no-browser", "--quiet")
    assert done.status == 2
    assert done.err.startswith("error: castdeck.toml: ignore is a list of codes")
