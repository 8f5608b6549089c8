"""From the command to the end, in a terminal, with a virtual machine: what hung for ever once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from castdeck.workspace import cache_folder, find_deck, find_workspace
from tests.terminal.conftest import Open

pytestmark = pytest.mark.vm
_CACHE = str(cache_folder())  # before a test has one of its own
_REPOSITORY = Path(__file__).parents[2]
_DECK = "---\nmachine: docker\n---\n\n# A {#a}\n\n```bash\necho one\n```\n\n```bash\nsleep 2; uname\n```\n"


@pytest.mark.timeout(600)
def test_a_deck_is_built(place: Path, open_terminal: Open) -> None:
    (place / "deck.md").write_text(_DECK)
    terminal = open_terminal(80, 24, CASTDECK_CACHE=_CACHE)
    terminal.type("castdeck build deck.md\r")
    terminal.wait_for_text(r"a-2 +2 of 2 +sleep 2; uname", 300)
    terminal.wait_for_prompt(300)
    shown = "\n".join(terminal.all_lines())
    assert "recorded a-1" in shown and "recorded a-2" in shown and "2 recorded, 0 still true" in shown
    assert terminal.is_cursor_shown
    assert terminal.run("echo $?") == ["0"]
    assert "Linux" in (find_deck(str(place / "deck.md"), find_workspace(place)).recordings / "a-2.cast").read_text()


@pytest.mark.slow("Makefile", "builder/castdeck/cli/display.py", "builder/castdeck/cli/rows.py")
@pytest.mark.skipif(shutil.which("script") is None, reason="script is not installed")
@pytest.mark.timeout(3000)
def test_make_demo_runs_to_its_end_in_a_terminal(tmp_path: Path) -> None:
    clone = tmp_path / "castdeck"
    subprocess.run(["git", "clone", "-q", str(_REPOSITORY), str(clone)], check=True)
    done = subprocess.run(
        ["script", "-qefc", "stty cols 120 rows 40; make demo", str(tmp_path / "screen")],
        cwd=clone,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        timeout=2700,
        check=False,
        env={**os.environ, "CASTDECK_CACHE": str(tmp_path / "cache")},
    )
    assert done.returncode == 0
    assert (clone / "public/docker/index.html").exists()
    shown = (tmp_path / "screen").read_text(errors="replace")
    assert "recorded conteneurs" in shown or " recorded, " in shown
    assert shown.rstrip().endswith('[COMMAND_EXIT_CODE="0"]') or "Open it: file://" in shown
