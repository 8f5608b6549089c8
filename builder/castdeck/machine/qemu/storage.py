"""Lists and removes machines in the cache, except those that are running or being built."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from castdeck import atomic, locks
from castdeck.errors import MachineError
from castdeck.machine.offers import Stored
from castdeck.machine.qemu.folders import UNFINISHED

_BASES = "base*-*"
_NAMES = "names"
_LOCK = "lock"


def stored_machines(cache: Path) -> list[Stored]:
    """All stored machines, by name."""
    folders = [path for path in (cache / "machines").glob(_BASES) if path.is_dir()]
    return sorted((_stored(folder) for folder in folders), key=lambda one: (one.names, one.folder.name))


def remove(stored: Iterable[Stored]) -> tuple[list[Stored], list[Stored]]:
    """Remove machines. Returns those removed, and those kept because they are running or being built.

    Raises MachineError if a folder can't be removed.
    """
    gone: list[Stored] = []
    busy: list[Stored] = []
    for one in stored:
        (gone if _remove(one.folder) else busy).append(one)
    return gone, busy


def note_name(base: Path, name: str) -> None:
    """Record that the machine `name` uses `base`."""
    names = _names(base)
    if name not in names:
        atomic.write(base / _NAMES, "".join(f"{one}\n" for one in (*names, name)))


@contextmanager
def in_use(base: Path) -> Iterator[None]:
    """Protect `base` from removal during the block. Raises MachineError if it was just removed."""
    try:
        lock = (base / _LOCK).open("ab")
    except OSError as error:
        raise MachineError("the machine was just removed", hint="try again") from error
    with lock:
        locks.take(lock, shared=True)
        yield


def _stored(folder: Path) -> Stored:
    snapshots = [path for path in folder.glob("golden-*") if path.is_dir()]
    checkpoints = sum(_size(path / "checkpoints") for path in snapshots)
    all_snapshots = sum(_size(path) for path in snapshots)
    lock = folder / _LOCK
    used = lock.stat().st_mtime if lock.exists() else folder.stat().st_mtime
    return Stored(folder, _names(folder), _size(folder) - all_snapshots, all_snapshots - checkpoints, checkpoints, used)


def _names(base: Path) -> tuple[str, ...]:
    file = base / _NAMES
    return tuple(file.read_text(encoding="utf-8").splitlines()) if file.exists() else ()


def _size(folder: Path) -> int:
    return sum(file.lstat().st_blocks * 512 for file in folder.rglob("*") if file.is_file())


def _remove(folder: Path) -> bool:
    """Remove a base, or the remains of an interrupted build (`.part`), unless it is in use or being built."""
    built = folder.with_name(folder.name.removesuffix(UNFINISHED))
    build_lock = folder.with_name(f"{built.name}.lock")
    try:
        with locks.locked_now(build_lock), (folder / _LOCK).open("ab") as lock:
            locks.take(lock, wait=False)
            shutil.rmtree(folder)
    except BlockingIOError:
        return False
    except OSError as error:
        raise MachineError(f"{folder} can't be removed: {error.strerror}") from error
    if not built.exists():
        build_lock.unlink(missing_ok=True)
    return True
