"""Checkpoints kept on disk: each a layer on the one before it, found by the key of the state that it holds.

<golden snapshot>/checkpoints/<key>/disk.qcow2, memory.zst, lock

A checkpoint's disk stands on its parent's, so only one that nothing stands on may go, and only while no machine that
was started from it runs. They live inside the folder of the golden snapshot, and go with it.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.qemu.golden import Golden
from castdeck.machine.qemu.machine import Checkpoint, QemuMachine
from castdeck.machine.unprivileged import user_number

_FOLDER = "checkpoints"


class QemuCheckpoints:
    """The checkpoints of one golden machine. `room` is how many bytes all checkpoints of all machines may take."""

    def __init__(self, golden: Golden, cache: Path, room: int) -> None:
        self._folder = golden.checkpoint.disk.resolve().parent / _FOLDER
        self._cache, self._room = cache, room
        self._about = golden.checkpoint.memory.stat().st_size

    def find(self, key: str) -> Checkpoint | None:
        """The checkpoint of a state, if it is there."""
        checkpoint = self._at(key)
        return checkpoint if checkpoint.memory.exists() and checkpoint.disk.exists() else None

    def has(self, key: str) -> bool:
        """Whether a state is kept."""
        return self.find(key) is not None

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        """Within the block the checkpoint of a state can't be removed, if it is there."""
        try:
            lock = (self._folder / key / "lock").open("rb")
        except OSError:
            yield
            return
        with lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            checkpoint = self.find(key)
            if checkpoint:
                os.utime(checkpoint.memory)
            yield

    def save(self, key: str, machine: QemuMachine) -> bool:
        """Keep the state that `machine` is in, and make room for it. False when it can't be kept just now.

        Raises MachineError when it could not be written; nothing half-written is left.
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
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # another process keeps it, or runs on a state that stands on this one's disk
            if self.find(key) or folder in _parents(_folders(self._cache)).values():
                return False
            try:
                machine.settle()
                machine.freeze(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return True

    def discard(self, key: str) -> None:
        """Remove a checkpoint that can't be used. One that others stand on keeps its disk, and is found no more."""
        with suppress(OSError):
            self._at(key).memory.unlink(missing_ok=True)

    def trim(self) -> None:
        """Remove what was used least recently, until all machines' checkpoints fit into the room."""
        trim_checkpoints(self._cache, self._room)

    def _at(self, key: str) -> Checkpoint:
        folder = self._folder / key
        return Checkpoint(folder / "disk.qcow2", folder / "memory.zst")


def trim_checkpoints(cache: Path, room: int) -> int:
    """Remove the checkpoints that were used least recently, until all take at most `room` bytes; gives what they take.

    One that a machine runs on, or that others stand on, stays.
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
    """Bytes that all checkpoints of all machines take."""
    return sum(_size(folder) for folder in _folders(cache))


def _folders(cache: Path) -> list[Path]:
    return [path for path in cache.resolve().glob(f"machines/*/golden-*/{_FOLDER}/*") if path.is_dir()]


def _parents(folders: list[Path]) -> dict[Path, Path | None]:
    return {folder: _parent(folder) for folder in folders}


def _size(folder: Path) -> int:
    """Bytes on the disk; 0 when another process removes it just now."""
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
    """The checkpoint that a disk stands on, as its header says (docs/interop/qcow2.txt in QEMU's source)."""
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
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except (BlockingIOError, FileNotFoundError):
        return False
    except OSError as error:
        raise MachineError(f"a checkpoint could not be removed: {error}", hint=f"remove {folder}") from error
    return True
