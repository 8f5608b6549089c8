"""A terminal with a workspace in it, whose decks run in the local sandbox."""

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.terminal.emulated import Terminal

Open = Callable[..., Terminal]


@pytest.fixture
def place(tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that may run blocks on this computer, in the sandbox."""
    if shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "castdeck.toml").write_text(
        'default_machine = "local"\n[machine.other]\nkind = "ssh"\nhost = "nowhere"\n'
    )
    assert cli("machine", "allow", "local", "--yes", cwd=folder).status == 0
    return folder


@pytest.fixture
def temporary() -> Iterator[Path]:
    """The folder for temporary files of what runs in the terminal. Others may pass: the sandbox is another user."""
    with tempfile.TemporaryDirectory(prefix="in-a-terminal-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def open_terminal(place: Path, temporary: Path) -> Iterator[Open]:
    """open_terminal(cols=80, rows=24) gives a terminal with bash in the workspace, in which `castdeck` is a command."""
    opened: list[Terminal] = []
    commands = place.parent / "bin"
    commands.mkdir()
    (commands / "castdeck").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m castdeck "$@"\n')
    (commands / "castdeck").chmod(0o755)

    def open_one(cols: int = 80, rows: int = 24, **environment: str) -> Terminal:
        path = f"{commands}{os.pathsep}{os.environ['PATH']}"
        opened.append(Terminal(cols, rows, place, {"PATH": path, "TMPDIR": str(temporary), **environment}))
        return opened[-1]

    yield open_one
    for terminal in opened:
        terminal.close()
