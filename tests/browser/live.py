"""A running `castdeck serve`, and a deck that is edited under it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(folder: Path, *arguments: str | Path) -> Iterator[str]:
    """The address of `castdeck serve` with those arguments, run in `folder`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "castdeck", "serve", *map(str, arguments)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout and process.stderr
    try:
        address = process.stdout.readline().strip()
        assert address, process.stderr.read()
        yield address
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()
        process.stderr.close()
