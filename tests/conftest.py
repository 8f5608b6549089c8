"""The whole command line, called as a user calls it."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest


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
