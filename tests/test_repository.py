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


def rows_of_the_map() -> dict[str, int]:
    """The row of each package and module, counted from the top."""
    rows = re.findall(r"^\| (`.*?`) \|", text("ARCHITECTURE.md").partition("## The map")[2], re.MULTILINE)
    return {name.removesuffix(".py"): row for row, names in enumerate(rows) for name in re.findall(r"`(.+?)`", names)}


def test_every_package_and_module_has_its_place_on_the_map() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert rows_of_the_map().keys() == packages | modules


def test_the_hook_calls_make_check() -> None:
    (repo,) = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    assert [hook["entry"] for hook in repo["hooks"]] == ["make check"]


def test_every_marker_is_explained() -> None:
    markers = re.findall(r'^    "(\w+)(?:\(.*\))?: ', text("pyproject.toml"), re.MULTILINE)
    assert {marker for marker in markers if f"| `{marker}" not in text("CONTRIBUTING.md")} == set()


def imports(folder: str) -> dict[str, set[str]]:
    """What the files in a folder of the package import of castdeck."""
    return {name: found for path in (PACKAGE / folder).rglob("*.py") for name, found in imports_of(path).items()}


def imports_of(path: Path) -> dict[str, set[str]]:
    """What a file imports of castdeck, if it is there."""
    if not path.is_file():
        return {}
    text = path.read_text()
    modules = ", ".join(re.findall(r"^\s*from castdeck import (.+)$", text, re.M)).split(", ")
    found = {f"castdeck.{module}" for module in modules if module not in ("", "__version__")}
    return {str(path.relative_to(PACKAGE)): {*found, *re.findall(r"^\s*from (castdeck\.[\w.]+) import", text, re.M)}}


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


def test_imports_go_down() -> None:
    rows = rows_of_the_map()
    wrong = {
        (file, name)
        for package, row in rows.items()
        for file, found in {**imports(package), **imports_of(PACKAGE / f"{package}.py")}.items()
        for name in found
        if rows[name.removeprefix("castdeck.").partition(".")[0]] < row
    }
    assert wrong == set()
