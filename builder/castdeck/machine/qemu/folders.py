"""Folders of the cache: those that appear only when they are complete, and those that last as long as a process."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.leftovers import removed_afterwards


@contextmanager
def run_folder(cache: Path) -> Iterator[Path]:
    """A private folder for one run; folders of runs that were killed are cleared away first."""
    runs = cache / "run"
    runs.mkdir(parents=True, exist_ok=True)
    for left in runs.iterdir():
        if not Path(f"/proc/{left.name.split('-')[0]}").exists() and Path("/proc").exists():
            shutil.rmtree(left, ignore_errors=True)
    with removed_afterwards(Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=runs))) as folder:
        yield folder


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its name only when all went well."""
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    part.chmod(0o755)
    with removed_afterwards(part):
        try:
            yield part
            part.rename(target)
        except OSError as error:
            raise MachineError(
                f"the machine could not be written: {error}", hint="make room, or set CASTDECK_CACHE"
            ) from error
