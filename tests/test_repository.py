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
    parts = {"packages-demo", "packages-test", "machine", "test-vm", "test-rest", "test-browser"}
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


def imports(folder: str) -> dict[str, set[str]]:
    """What the files in a folder of the package import of castdeck."""
    return {
        str(path.relative_to(PACKAGE)): set(re.findall(r"^\s*from (castdeck[\w.]*) import", path.read_text(), re.M))
        for path in (PACKAGE / folder).rglob("*.py")
    }


def test_only_qemus_own_modules_know_of_qemu() -> None:
    knowing = {
        file
        for file, found in imports(".").items()
        if not file.startswith("machine/qemu/") and any(name.startswith("castdeck.machine.qemu") for name in found)
    }
    assert knowing == set()


def test_every_deck_is_parsed_with_what_castdeck_toml_says_of_its_blocks() -> None:
    parsing = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bparse_deck\(", path.read_text())
    }
    assert parsing == {"deck/parse.py", "reading.py", "serve/source.py"}


@pytest.mark.parametrize(
    ("package", "above"),
    [
        (
            "deck",
            ("cast", "machine", "record", "render", "check", "serve", "export", "farm", "cli", "workspace", "config"),
        ),
        (
            "cast",
            ("deck", "machine", "record", "render", "check", "serve", "export", "farm", "cli", "workspace", "config"),
        ),
        ("machine", ("deck", "record", "render", "check", "serve", "export", "farm", "cli")),
        ("record", ("render", "check", "serve", "export", "farm", "cli")),
        ("render", ("check", "serve", "export", "farm", "cli")),
        ("check", ("serve", "export", "farm", "cli")),
        ("farm", ("serve", "cli")),
        ("export", ("serve", "cli")),
        ("serve", ("cli",)),
    ],
)
def test_imports_go_down(package: str, above: tuple[str, ...]) -> None:
    wrong = {
        (file, name)
        for file, found in imports(package).items()
        for name in found
        if name.removeprefix("castdeck.").partition(".")[0] in above
    }
    assert wrong == set()
