"""Recordings that decks of several languages share: what one has recorded, the others show, and record no more.

`deck.en.md` and `deck.fr.md` keep their recordings in `docker.en/` and `docker.fr/`, side by side.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from castdeck.errors import CastdeckError
from castdeck.record.store import INDEX, Recordings
from castdeck.workspace import language_in


def neighbours(folder: Path) -> list[Recordings]:
    """The recordings of the same deck in other languages than those in `folder`; none that can't be read."""
    family = language_in(folder.name)[0]
    try:
        others = sorted(path for path in folder.parent.iterdir() if language_in(path.name)[0] == family)
    except OSError:
        return []
    return list(_readable([path for path in others if path != folder and path.is_dir() and not path.is_symlink()]))


def borrow(recordings: Recordings, name: str, own: str, key: str = "", *, hidden: bool = False) -> bool:
    """Have `recordings` show a neighbour's recording of the same commands for the block `name`, where it has none.

    `own` is the block's own key; where `key` is given, whether a recording was found that is still true.
    """
    entry = recordings.entry(name)
    if entry and entry.own == own and not key:
        return True
    others = neighbours(recordings.folder)
    for other in others if key else ():
        if holder := other.holder(name, key, hidden):
            recordings.borrow(name, other, holder)
            return True
    if entry and entry.own == own:
        return False
    for other in others:
        if found := other.recorded_as(name, own):
            recordings.borrow(name, other, found)
            break
    return False


def _readable(folders: list[Path]) -> Iterator[Recordings]:
    for folder in folders:
        try:
            yield _read(folder, (folder / INDEX).stat().st_mtime_ns)
        except (CastdeckError, OSError):
            continue


@lru_cache(maxsize=16)
def _read(folder: Path, changed: int) -> Recordings:
    return Recordings(folder)
