"""Decks that include other files: which they may, and what is said of them."""

from pathlib import Path

import pytest

from castdeck.codes import Code
from tests.conftest import Cli


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "slides/one/parts").mkdir(parents=True)
    (tmp_path / "castdeck.toml").write_text("")
    return tmp_path / "slides/one"


def built(folder: Path) -> str:
    return (folder.parents[1] / "public/one/index.html").read_text()


def seen(text: str, folder: Path) -> str:
    """The text with paths as seen from the workspace."""
    return text.replace(f"{folder.parents[1]}/", "")


def test_an_included_file_and_its_images_are_in_the_deck(cli: Cli, folder: Path) -> None:
    (folder / "deck.md").write_text("# One\n\n---\n\ninclude: parts/two.md\n\n---\n\ninclude: ../shared.md\n")
    (folder / "parts/two.md").write_text("# Two\n\n![a dot](dot.png)\n\n![gone](gone.png)\n")
    (folder / "parts/dot.png").write_bytes(b"png")
    (folder.parent / "shared.md").write_text("# Shared\n")
    done = cli("build", "one", "--no-record")
    assert (done.status, seen(done.err, folder)) == (
        0,
        "slides/one/parts/two.md:5: warning: image 'gone.png' does not exist\n"
        "  put the file beside the deck, or write its path as seen from there\n",
    )
    assert 'src="parts/dot.png"' in built(folder)
    assert 'id="shared"' in built(folder)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gone.md", "it does not exist"),
        ("../../../secret.md", "it lies outside the workspace"),
        ("link.md", "it lies outside the workspace"),
        ("latin.md", "not UTF-8 text"),
        ("parts/folder.md", "it is no regular file"),
    ],
)
def test_what_may_not_be_included_is_an_error_and_the_rest_is_built(
    cli: Cli, folder: Path, name: str, why: str
) -> None:
    (folder.parents[1].parent / "secret.md").write_text("# Secret\n")
    (folder / "link.md").symlink_to(folder.parents[1].parent / "secret.md")
    (folder / "latin.md").write_bytes(b"\xe9")
    (folder / "parts/folder.md").mkdir()
    (folder / "deck.md").write_text(f"# One\n\ninclude: {name}\n")
    done = cli("build", "one", "--no-record")
    assert done.status == 1
    assert seen(done.err, folder) == (
        f"slides/one/deck.md:3: error: {name} can't be included: {why}\n  {Code.INCLUDE_FAILED.remedy}\n"
    )
    assert "Secret" not in built(folder)


def test_outside_a_workspace_a_deck_includes_what_lies_beside_it(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "above.md").write_text("# Above\n")
    (tmp_path / "deep/deck.md").write_text("# One\n\ninclude: ../above.md\n")
    done = cli("build", "deep/deck.md", "--no-record", "--out", tmp_path / "out")
    assert done.status == 1
    assert "../above.md can't be included: it lies outside the deck's folder" in done.err


def test_check_names_the_file_and_line_of_what_an_included_file_has(cli: Cli, folder: Path) -> None:
    (folder / "deck.md").write_text("# One\n\ninclude: parts/two.md\n")
    (folder / "parts/two.md").write_text("words\n\n```bash {timout=3}\nls\n```\n\n![](dot.png)\n")
    (folder / "parts/dot.png").write_bytes(b"png")
    done = cli("check", "one", "--no-browser", "--quiet")
    told = [line.partition(" ")[0] for line in done.out.splitlines() if not line.startswith(" ")]
    assert "slides/one/parts/two.md:3:10:" in told
    assert "slides/one/parts/two.md:7:1:" in told


def test_what_would_be_recorded_is_named_with_its_file_in_the_deck_s_order(cli: Cli, folder: Path) -> None:
    (folder / "deck.md").write_text("# One\n\ninclude: parts/two.md\n\n```bash\nls\n```\n")
    (folder / "parts/two.md").write_text("Far\n\ndown\n\nin\n\nits\n\nfile\n\n```bash\nls\n```\n")
    done = cli("record", "one", "--dry-run")
    planned = [line.partition(",")[0] for line in seen(done.out, folder).splitlines() if line[0] != " "]
    assert planned[:2] == ["slides/one/parts/two.md:11: one-1: new", "slides/one/deck.md:5: one-2: new"]
