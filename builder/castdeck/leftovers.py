"""Folders that do not outlive the process: removed after their block, or all at once when it has to end in a hurry."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_folders: set[Path] = set()


@contextmanager
def removed_afterwards(folder: Path) -> Iterator[Path]:
    """Within the block there is that folder, if it is made or not; after it there is none."""
    _folders.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _folders.discard(folder)


def remove_all() -> None:
    """Remove all such folders now, from any thread."""
    for folder in list(_folders):
        shutil.rmtree(folder, ignore_errors=True)
