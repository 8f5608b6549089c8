"""Changes to an author's own file: the diff is printed, and the old text is kept."""

import time
from difflib import unified_diff
from pathlib import Path

from castdeck import atomic
from castdeck.cli.console import result, say
from castdeck.workspace import cache_folder


def rewrite(path: Path, old: str, new: str) -> bool:
    """Print the difference, keep a copy of the old text in the user's cache folder, and write the new one.

    False where nothing changes. Raises OSError; the file is then as it was.
    """
    if new == old:
        return False
    diff = unified_diff(old.splitlines(), new.splitlines(), str(path), str(path), lineterm="")
    result("\n".join(diff))
    copy = cache_folder() / "replaced" / f"{time.strftime('%Y%m%d-%H%M%S')}-{path.resolve().parent.name}-{path.name}"
    atomic.write(copy, old, mode=0o600)
    atomic.write(path, new)
    say(f"{path}: changed; the old text is kept in {copy}")
    return True
