"""Checkpoints on disk: each a layer on its parent, found by key.

<golden snapshot>/checkpoints/<key>/disk.qcow2, memory.zst, lock

A checkpoint's disk is an overlay of its parent's, so only checkpoints without children can be removed, and only while
no machine runs from them. They are inside the folder of the golden snapshot, and removed with it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from castdeck import locks
from castdeck.errors import MachineError
from castdeck.machine.qemu.golden import Golden
from castdeck.machine.qemu.launch import Checkpoint
from castdeck.machine.qemu.machine import QemuMachine
from castdeck.machine.unprivileged import user_number

_FOLDER = "checkpoints"


class QemuCheckpoints:
    """The checkpoints of one golden machine. `room` limits the checkpoints of all machines together, in bytes."""

    def __init__(self, golden: Golden, cache: Path, room: int) -> None:
        self._folder = golden.checkpoint.disk.resolve().parent / _FOLDER
        self._cache, self._room = cache, room
        self._about = golden.checkpoint.memory.stat().st_size

    def find(self, key: str) -> Checkpoint | None:
        """The checkpoint with that key, if there is one."""
        checkpoint = self._at(key)
        return checkpoint if checkpoint.memory.exists() and checkpoint.disk.exists() else None

    def has(self, key: str) -> bool:
        """Whether there is a checkpoint with that key."""
        return self.find(key) is not None

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Protect a checkpoint, if it exists, from removal during the block."""
        try:
            lock = (self._folder / key / "lock").open("rb")
        except OSError:
            yield
            return
        with lock:
            locks.take(lock, shared=True)
            checkpoint = self.find(key)
            if checkpoint:
                os.utime(checkpoint.memory)
            yield

    def save(self, key: str, machine: QemuMachine) -> bool:
        """Save the state of `machine`, making room for it. False if that is not possible now.

        Raises MachineError if it could not be written; nothing incomplete is left behind.
        """
        room = self._room - self._about
        if self.find(key) or room < 0 or trim_checkpoints(self._cache, room) > room:
            return False
        try:
            return self._save(key, machine)
        except OSError as error:
            raise MachineError(f"{error.strerror}: {self._folder}") from error

    def _save(self, key: str, machine: QemuMachine) -> bool:
        folder = self._folder / key
        self._folder.mkdir(mode=0o700 if user_number() is None else 0o711, exist_ok=True)
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("ab") as lock:
            try:
                locks.take(lock, wait=False)
            except BlockingIOError:
                return False  # another process is saving it, or runs from a checkpoint based on this disk
            if self.find(key) or folder in _parents(_folders(self._cache)).values():
                return False
            try:
                machine.freeze(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return True

    def discard(self, key: str) -> None:
        """Remove an unusable checkpoint. If others are based on it, its disk is kept, but `find` no longer finds it."""
        with suppress(OSError):
            self._at(key).memory.unlink(missing_ok=True)

    def trim(self) -> None:
        """Remove the least recently used checkpoints until those of all machines fit into the room."""
        trim_checkpoints(self._cache, self._room)

    def _at(self, key: str) -> Checkpoint:
        folder = self._folder / key
        return Checkpoint(folder / "disk.qcow2", folder / "memory.zst")


def trim_checkpoints(cache: Path, room: int) -> int:
    """Remove the least recently used checkpoints until all take at most `room` bytes. Returns the bytes they take.

    Keeps those that a machine runs from, or that others are based on.
    """
    parents = _parents(_folders(cache))
    sizes = {folder: _size(folder) for folder in parents}
    while sum(sizes.values()) > room:
        leaves = [folder for folder in parents if folder not in parents.values()]
        gone = next((folder for folder in sorted(leaves, key=_last_used) if _remove(folder)), None)
        if gone is None:
            break
        del sizes[gone], parents[gone]
    return sum(sizes.values())


def checkpoints_size(cache: Path) -> int:
    """The size of all checkpoints of all machines, in bytes."""
    return sum(_size(folder) for folder in _folders(cache))


def _folders(cache: Path) -> list[Path]:
    return [path for path in cache.resolve().glob(f"machines/*/golden-*/{_FOLDER}/*") if path.is_dir()]


def _parents(folders: list[Path]) -> dict[Path, Path | None]:
    return {folder: _parent(folder) for folder in folders}


def _size(folder: Path) -> int:
    """The size on disk, in bytes; 0 if another process is removing it."""
    try:
        return sum(file.stat().st_blocks * 512 for file in folder.iterdir())
    except OSError:
        return 0


def _last_used(folder: Path) -> float:
    try:
        return (folder / "memory.zst").stat().st_mtime
    except OSError:
        return 0.0


def _parent(folder: Path) -> Path | None:
    """The checkpoint that a disk is based on, from its header (docs/interop/qcow2.txt in QEMU's source)."""
    try:
        with (folder / "disk.qcow2").open("rb") as disk:
            header = disk.read(20)
            disk.seek(int.from_bytes(header[8:16]))
            below = disk.read(int.from_bytes(header[16:20])).decode()
            return Path(os.path.normpath(folder / below)).parent
    except (OSError, ValueError):
        return None


def _remove(folder: Path) -> bool:
    try:
        with (folder / "lock").open("ab") as lock:
            locks.take(lock, wait=False)
            shutil.rmtree(folder)
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError as error:
        raise MachineError(f"a checkpoint could not be removed: {error}", hint=f"remove {folder}") from error
    return True
