"""Cache folders that appear only once they are complete."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.leftovers import removed_afterwards

NO_ROOM = "free some space, or set CASTDECK_CACHE"
UNFINISHED = ".part"  # suffix of a folder that is being built


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Create a folder beside `target` that is renamed to it if the block succeeds."""
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
                f"the machine could not be written: {error}",
                hint=NO_ROOM,
            ) from error
