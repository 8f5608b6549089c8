"""The sandbox of this computer, allowed, with settings and a cache of its own."""

from pathlib import Path

import pytest

from castdeck.machine.consent import allow
from castdeck.machine.kinds import find_definition


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's folder is a workspace whose decks may be recorded here; what is kept for later is kept there too."""
    (tmp_path / "castdeck.toml").touch()
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))
    allow(find_definition("local", {}, tmp_path))
