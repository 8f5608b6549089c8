"""`castdeck verify` on any markdown: a README, a folder of docs; in the local machine's sandbox."""

import json
import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli

ROOT = Path(__file__).parents[2]

README = """# Tool

<!-- castdeck: norun -->
```bash
make install
```

```console
$ echo "one   two"
one   two
$ ls
file
```
"""
GUIDE = "# Guide\n\n```bash\ntouch made\n```\n\nThen:\n\n```console\n$ ls\nmade\n```\n"


@pytest.fixture
def project(tmp_path: Path, cli: Cli) -> Path:
    """A project with a README, a folder of docs, and folders whose files are somebody else's."""
    if not shutil.which("bwrap"):
        pytest.skip("the local machine needs bubblewrap")
    for name, text in {
        "README.md": README.replace("$ ls\nfile\n", ""),
        "docs/guide.md": GUIDE,
        "docs/deep/README.md": "# Deep\n\nNothing runs.\n",
        "docs/node_modules/x.md": "# X\n\n```bash\nfalse\n```\n",
        "docs/.hidden/x.md": "# X\n\n```bash\nfalse\n```\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert cli("machine", "allow", "local", "--yes", CASTDECK_CONFIG=str(tmp_path / "config")).status == 0
    return tmp_path


def test_nothing_is_told_of_slides(project: Path, cli: Cli) -> None:
    headings = "".join(f"# Part {number}\n\nText\n---\n" for number in range(30))
    (project / "README.md").write_text(f"---\ntheme: moon\n---\n{headings}" + README)
    assert (cli("plan", "README.md").err, cli("plan", "README.md").status) == ("", 0)
    assert "no separator" in cli("build", "README.md", "--no-record").err


def test_a_folder_stands_for_markdown_of_every_kind(tmp_path: Path, cli: Cli) -> None:
    names = ("a.md", "b.markdown", "c.mdx", "d.qmd", "e.Rmd")
    for name in (*names, "notes.txt", "page.html"):
        (tmp_path / name).write_text(GUIDE)
    out = cli("plan", ".").out
    assert [line.partition(":")[0] for line in out.splitlines() if "block" in line][: len(names)] == list(names)
    assert "notes.txt" not in out
    assert "page.html" not in out


def test_commands_in_indented_code_are_told(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "README.md").write_text("# Tool\n\n    pip install tool\n\n```bash\nls\n```\n")
    assert "README.md:3: warning: these commands are not run, because they are indented" in cli("plan", "README.md").err


def verify(cli: Cli, project: Path, *arguments: str) -> tuple[int, str, str]:
    done = cli(
        "verify",
        *arguments,
        "--machine",
        "local",
        CASTDECK_CONFIG=str(project / "config"),
        CASTDECK_CACHE=str(project / "cache"),
    )
    return done.status, done.out, done.err


def test_a_readme_and_a_folder_hold(cli: Cli, project: Path) -> None:
    status, out, err = verify(cli, project, "README.md", "docs/", "--format", "json")
    assert status == 0, err
    verdicts = json.loads(out)["verdicts"]
    assert [(one["deck"], [block["name"] for block in one["blocks"]]) for one in verdicts] == [
        ("README.md", ["tool-2"]),
        ("docs/guide.md", ["guide-1", "guide-2"]),
    ]
    assert not (project / "recordings").exists()


def test_what_is_expected_and_does_not_come_is_told(cli: Cli, project: Path) -> None:
    (project / "README.md").write_text(README)
    status, out, _ = verify(cli, project, "README.md")
    assert status == 1
    assert "README.md:11: ls: it prints something else than the deck says" in out
    assert "README.md: 0 blocks as recorded, 1 drifted" in out


def test_a_command_that_fails_is_told(cli: Cli, project: Path) -> None:
    (project / "docs/guide.md").write_text(GUIDE.replace("touch made", "false"))
    status, out, _ = verify(cli, project, "docs")
    assert status == 1
    assert "docs/guide.md:4: false: ended with exit status 1" in out


def test_a_file_that_is_not_there(cli: Cli, project: Path) -> None:
    status, _, err = verify(cli, project, "READ.md")
    assert status == 2
    assert "there is no deck 'READ.md'" in err


def test_fix_puts_what_is_printed_into_the_transcript(cli: Cli, project: Path) -> None:
    (project / "README.md").write_text(README)
    status, out, err = verify(cli, project, "README.md", "--fix")
    assert status == 1
    assert "-file\n" in out
    fixed = (project / "README.md").read_text()
    assert fixed == README.replace("$ ls\nfile\n", "$ ls\n")
    (kept,) = (project / "cache/replaced").iterdir()
    assert kept.read_text() == README and f"the old text is kept in {kept}" in err
    assert verify(cli, project, "README.md", "--fix")[0] == 0


def test_the_readme_and_the_docs_of_this_repository_hold(cli: Cli, project: Path) -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        target = project / page.relative_to(ROOT)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(page, target)
    shutil.rmtree(project / "docs/deep")
    (project / "docs/guide.md").unlink()
    status, out, err = verify(cli, project, "README.md", "docs/", "--format", "json")
    assert status == 0, err
    verdicts = json.loads(out)["verdicts"]
    assert sum(len(one["blocks"]) for one in verdicts) >= 5


def test_a_file_without_blocks_is_told_and_no_error(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\n```python\nprint(1)\n```\n")
    done = cli("verify", str(tmp_path / "notes.md"), "--machine", "local")
    assert (done.status, done.out) == (0, "")
    assert done.err == "no blocks to run; `castdeck check --blocks` says what is not run, and why\n"
