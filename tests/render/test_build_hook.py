"""The build hook, without npm: what it does when there is nothing to do, and when npm fails."""

import importlib.util
import shutil
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("hatchling", reason="the build hook needs hatchling, which builds the package")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_hook", ROOT / "builder/build_hook.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def npm(hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An npm of our own that makes the files it is to fetch, and notes each call in the file returned."""
    calls = tmp_path / "calls"
    fake = tmp_path / "npm.py"
    changes = tomllib.loads((ROOT / "builder/browser" / hook.CHANGES).read_text())["change"]
    looked_for = "\n".join(change["find"] for change in changes)
    styles = {package: [f"{style}.css" for style in names] for package, names in hook.FONT_STYLES.items()}
    fonts = [f"{package}/{name}" for package, names in styles.items() for name in (*names, "LICENSE")]
    fake.write_text(
        f"import pathlib, sys\n"
        f"open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + chr(10))\n"
        f"for name in {[*hook.BROWSER_FILES.values(), *fonts, 'katex/dist/fonts/KaTeX_Main.woff2']!r}:\n"
        f"    path = pathlib.Path('node_modules', name)\n"
        f"    path.parent.mkdir(parents=True, exist_ok=True)\n"
        f"    path.write_text({looked_for!r} if name.endswith('dist/reveal.js') else name)\n"
    )
    monkeypatch.setattr(hook, "npm_command", lambda: [sys.executable, str(fake)])
    return calls


def test_libraries_are_fetched_once_for_a_lock_file(hook: ModuleType, npm: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    for _ in range(2):
        hook.fill_vendor(ROOT / "builder/browser", vendor)
    assert npm.read_text() == "ci --ignore-scripts --no-audit --no-fund\n"
    made = {hook.FONTS, hook.FONT_LICENSES, hook.STAMP}
    assert {path.name for path in vendor.iterdir()} == {*hook.BROWSER_FILES, *hook.BROWSER_FOLDERS, *made}
    assert [path.name for path in (vendor / "fonts").iterdir()] == ["KaTeX_Main.woff2"]


def test_a_reveal_js_that_our_changes_do_not_fit_ends_the_build(hook: ModuleType, npm: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    shutil.copytree(ROOT / "builder/browser", browser)
    with (browser / hook.CHANGES).open("a") as file:
        file.write("[[change]]\nwhy = 'slide(): faster'\nfind = 'slide(next)'\nput = ''\n")
    with pytest.raises(
        RuntimeError, match=r"does not fit this reveal.js: slide\(\): faster\nIt looks for: slide\(next\)"
    ):
        hook.fill_vendor(browser, tmp_path / "vendor")
    assert not (tmp_path / "vendor").exists()


def test_a_failing_npm_says_what_to_do_and_leaves_the_libraries(
    hook: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "vendor/reveal.js"
    old.parent.mkdir()
    old.write_text("old")
    monkeypatch.setattr(hook, "npm_command", lambda: [sys.executable, "-c", "import sys; sys.exit('no network')"])
    with pytest.raises(RuntimeError, match=r"(?s)no network.*check the network or `npm config get registry`"):
        hook.fill_vendor(ROOT / "builder/browser", old.parent)
    assert old.read_text() == "old"


def test_the_lock_file_has_hashes_and_no_addresses() -> None:
    lock = (ROOT / "builder/browser/package-lock.json").read_text()
    assert "resolved" not in lock
    assert lock.count('"integrity": "sha512-') == lock.count('"node_modules/')
