"""What the documents for contributors say of this repository is so."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "builder/castdeck"


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def named(document: str) -> set[str]:
    """The files and folders that a document names in code: with a folder, or a Python file."""
    return {
        word
        for word in re.findall(r"`([\w./-]+)`", text(document))
        if "/" in word.strip("/") or word.endswith((".py", ".toml", ".js"))
    }


def is_there(name: str) -> bool:
    around = [ROOT, PACKAGE, *(path for path in PACKAGE.rglob("*") if path.is_dir())]
    return any((folder / name).exists() for folder in around)


GENERIC = {"castdeck.toml", "builder/castdeck/cli/print.py"}  # of a workspace; the example of a new verb


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_file_that_is_named_is_there(document: str) -> None:
    assert {name for name in named(document) - GENERIC if "<" not in name and not is_there(name)} == set()


def test_every_chore_that_is_named_is_a_target_and_the_other_way_round() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    chores = set(re.findall(r"^\| `make ([a-z-]+)` \|", text("CONTRIBUTING.md"), re.MULTILINE))
    parts = {"packages-demo", "packages-test", "test-vm", "test-rest"}
    assert chores == targets - parts


def test_every_package_has_its_place_on_the_map() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"new", "chromium"}
    assert {name for name in packages if f"| `{name}` |" not in text("ARCHITECTURE.md")} == set()


def test_the_hook_calls_make_check() -> None:
    (repo,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert [hook["entry"] for hook in repo["hooks"]] == ["make check"]


def test_every_marker_is_explained() -> None:
    markers = re.findall(r'^    "(\w+)(?:\(.*\))?: ', text("pyproject.toml"), re.MULTILINE)
    assert {marker for marker in markers if f"| `{marker}" not in text("CONTRIBUTING.md")} == set()
