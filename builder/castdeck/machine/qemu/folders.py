"""Folders of the cache that appear only when they are complete."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.leftovers import removed_afterwards

UNFINISHED = ".part"  # the end of a folder's name while it is made


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder beside `target` that takes its name only when all went well."""
    part = target.with_name(f"{target.name}{UNFINISHED}")
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
