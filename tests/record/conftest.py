"""The sandbox of this computer, allowed, with settings and a cache of its own; decks that are recorded in it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from castdeck.machine.consent import allow
from castdeck.machine.kinds import find_definition
from tests.conftest import Cli

_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\([A-Z]|\r")


@pytest.fixture
def sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's folder is a workspace whose decks may be recorded here; what is kept for later is kept there too."""
    (tmp_path / "castdeck.toml").touch()
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    monkeypatch.setenv("CASTDECK_CACHE", str(tmp_path / "cache"))
    allow(find_definition("local", {}, tmp_path))


Recorded = Callable[..., tuple[dict[str, str], dict[str, list[int]], str]]


@pytest.fixture
def recorded(tmp_path: Path, cli: Cli) -> Recorded:
    """recorded(text) records a deck; it gives what each block shows, and the statuses of its commands."""

    def record(text: str, status: int = 0) -> tuple[dict[str, str], dict[str, list[int]], str]:
        (tmp_path / "deck.md").write_text(f"---\nmachine: local\n---\n\n# A {{#a}}\n\n{text}", encoding="utf-8")
        done = cli("record", "deck.md", "--recordings", "casts")
        assert done.status == status, done.err
        index = json.loads((tmp_path / "casts/index.json").read_text(encoding="utf-8"))["blocks"]
        statuses = {name: [one["status"] for one in block["commands"]] for name, block in index.items()}
        return {path.stem: _shown(path) for path in (tmp_path / "casts").glob("*.cast")}, statuses, done.err

    return record


def _shown(path: Path) -> str:
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return _SEQUENCE.sub("", "".join(data for _, kind, data, *_ in events if kind == "o"))
