"""The whole command line, called as a user calls it; and which of the slow tests run."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest import mock

import hypothesis
import pytest

from castdeck.cli import main
from castdeck.workspace import cache_folder
from tests.slow import Changes

hypothesis.settings.register_profile("castdeck", deadline=None)  # no test asserts a time
hypothesis.settings.load_profile("castdeck")


if worker := os.environ.get("PYTEST_XDIST_WORKER"):  # tests look at what is left in the cache: each worker has its own
    os.environ["CASTDECK_CACHE"] = str(cache_folder() / worker)


needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is missing: make packages-test")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow",
        choices=("none", "changed", "all"),
        default="none",
        help="which tests marked slow run: all, or those that a change since $CASTDECK_BASE concerns (tests/slow.py)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out slow tests, or those that no change concerns."""
    chosen = config.getoption("slow")
    changes = Changes(config.rootpath) if chosen == "changed" else None

    def runs(item: pytest.Item) -> bool:
        marker = item.get_closest_marker("slow")
        if marker is None or chosen == "all":
            return True
        return changes is not None and changes.concern(item.path, marker)

    left_out = [item for item in items if not runs(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    err: str


Cli = Callable[..., Result]


@pytest.fixture
def cli(tmp_path: Path, request: pytest.FixtureRequest) -> Cli:
    """cli("build", "deck.md") runs castdeck in the test's folder, or in `cwd`: in this process, which saves a second.

    Tests that start a virtual machine, and those marked `process`, run it in a process of its own.
    """
    markers = {marker.name for marker in request.node.iter_markers()}
    run = _in_a_process if markers & {"vm", "process"} else _here

    def called(*arguments: str | Path, timeout: float = 600, cwd: Path = tmp_path, **environment: str) -> Result:
        return run(list(map(str, arguments)), cwd, {"NO_COLOR": "1", **environment}, timeout)

    return called


def _in_a_process(arguments: list[str], cwd: Path, environment: dict[str, str], timeout: float) -> Result:
    done = subprocess.run(
        [sys.executable, "-m", "castdeck", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=timeout,
        env={**os.environ, **environment},
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def _here(arguments: list[str], cwd: Path, environment: dict[str, str], timeout: float) -> Result:
    out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="", write_through=True) for _ in range(2))
    with (
        chdir(cwd),
        mock.patch.dict(os.environ, environment),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main(arguments)
    status = end.value.code or 0
    assert isinstance(status, int)
    return Result(status, *(stream.buffer.getvalue().decode() for stream in (out, err)))
