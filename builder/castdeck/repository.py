"""The git repository around a folder, told without git."""

from contextlib import suppress
from pathlib import Path


def repository_of(folder: Path) -> Path | None:
    """The folder of the user's git repository that holds `folder`; None where none does, or all of the user's files."""
    folder = folder.resolve()
    homes = (Path.home(), *Path.home().parents)  # where the files of one's settings are kept in git, say
    for place in (folder, *folder.parents):
        if place in homes:
            return None
        with suppress(OSError):
            if (place / ".git").stat().st_uid == folder.stat().st_uid:
                return place
    return None
