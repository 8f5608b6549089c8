"""The whole command line, called as a user calls it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run side by side, those with a virtual machine stay together: they share the cache's machines."""
    for item in items:
        if item.get_closest_marker("vm"):
            item.add_marker(pytest.mark.xdist_group("vm"))


@pytest.fixture(scope="session")
def small_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder without machines."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def own_cache(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, small_cache: Path) -> None:
    """Tests without a virtual machine have a cache folder of their own, whatever others do in the user's."""
    if request.node.get_closest_marker("vm") is None:
        monkeypatch.setenv("CASTDECK_CACHE", str(small_cache))


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Cli = Callable[..., Result]


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    """cli("build", "deck.md") runs castdeck in a process of its own, in the test's folder, or in `cwd`."""

    def run(*arguments: str | Path, timeout: float = 600, cwd: Path = tmp_path, **environment: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "castdeck", *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=cwd,
            timeout=timeout,
            env={**os.environ, "NO_COLOR": "1", **environment},
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run
