"""Disk images in the cache: downloaded or copied once for all machines, and verified before they appear.

<cache>/machines/images/<checksum>         as downloaded
<cache>/machines/base2-<key>/image         a hard link to it

So an image can be removed after its last machine; see `drop_images`.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from castdeck.errors import MachineError
from castdeck.locks import locked, locked_now
from castdeck.machine.protocol import Step
from castdeck.machine.qemu.download import opened
from castdeck.machine.qemu.folders import NO_ROOM
from castdeck.machine.qemu.image import DiskImage

_FOLDER = "images"
_CHUNK = 1 << 20
_TOLD_EACH = 10  # percent
_TOLD_FROM = 64 << 20  # bytes


def put_image(image: DiskImage, target: Path, machines: Path, largest: int, step: Step) -> None:
    """Create the file `target` from the image, which is cached in the folder `machines`.

    Raises MachineError, also if it is larger than `largest` bytes.
    """
    folder = machines / _FOLDER
    folder.mkdir(exist_ok=True)
    kept = folder / image.checksum.replace(":", "-")
    with locked(kept.with_suffix(".lock")):
        if not kept.exists():
            _fetch(image, kept, largest, step)
        try:
            os.link(kept, target)
        except OSError:
            shutil.copyfile(kept, target)
    target.chmod(0o644)


def drop_images(machines: Path) -> int:
    """Remove images that no machine uses any more. Returns the bytes freed."""
    freed = 0
    for kept in [path for path in (machines / _FOLDER).glob("*") if path.suffix != ".lock"]:
        lock = kept.with_suffix(".lock")
        with suppress(FileNotFoundError, BlockingIOError), locked_now(lock):
            status = kept.stat()
            if status.st_nlink == 1:
                kept.unlink()
                lock.unlink()
                freed += status.st_blocks * 512
    return freed


def _fetch(image: DiskImage, target: Path, largest: int, step: Step) -> None:
    """Write the image to `target`, which appears once the checksum is verified."""
    algorithm, _, wanted = image.checksum.partition(":")
    found = hashlib.new(algorithm)
    with _part(target) as part, _source(image) as (source, size), part.open("wb") as file:
        told = _teller("fetching" if image.is_remote else "copying", image.name, size, step)
        done = 0
        while chunk := source.read(_CHUNK):
            done += len(chunk)
            if done > largest:
                raise MachineError(
                    f"the image {image.name} is larger than the machine's disk",
                    hint="set a larger `disk`",
                )
            found.update(chunk)
            _write_sparsely(file, chunk)
            told(done)
        file.truncate(done)
        if size is not None and done < size:
            raise MachineError(f"the image {image.name} ended after {done} of {size} bytes", hint="try again")
        if found.hexdigest() != wanted:
            raise _mismatch(image, f"{algorithm}:{found.hexdigest()}")
        part.rename(target)


def _mismatch(image: DiskImage, found: str) -> MachineError:
    """The checksum of a file of this computer is not told: a stranger may ask for any file's, in a public log."""
    told = f"  in castdeck.toml: {image.checksum}"
    hint = "put its checksum into castdeck.toml"
    if image.is_remote:
        told, hint = (
            f"{told}\n  of the image:     {found}",
            f"a newer one may have replaced it: if you trust it, {hint}",
        )
    else:
        hint = f"if it is the right file, {hint}: {found.partition(':')[0]}sum {image.source}"
    return MachineError(f"checksum mismatch of the image {image.name}\n{told}", hint=hint)


@contextmanager
def _part(target: Path) -> Iterator[Path]:
    part = target.with_name(f"{target.name}.part")
    try:
        yield part
    except OSError as error:
        raise MachineError(f"{error.strerror or error}: {part.parent}", hint=NO_ROOM) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _source(image: DiskImage) -> Iterator[tuple[BinaryIO, int | None]]:
    """Open the image, and its size if known."""
    if image.is_remote:
        with opened(image.source) as (answer, size):
            yield answer, size
        return
    path = Path(image.source)
    if not path.is_file():
        raise MachineError(f"the image {path} does not exist, or is not a file")
    if not os.access(path, os.R_OK):
        raise MachineError(f"the image {path} can't be read", hint="you have no permission to read it")
    with path.open("rb") as file:
        yield file, path.stat().st_size


def _write_sparsely(file: BinaryIO, chunk: bytes) -> None:
    """Write a chunk, leaving a hole for zeros."""
    if chunk.count(0) == len(chunk):
        file.seek(len(chunk), os.SEEK_CUR)
    else:
        file.write(chunk)


def _teller(doing: str, name: str, size: int | None, step: Step) -> Callable[[int], None]:
    """Reports progress: every tenth if the size is known, otherwise every 64 MiB."""
    each = max(size * _TOLD_EACH // 100, _TOLD_FROM) if size else _TOLD_FROM
    whole = f" of {size / 1e6:.0f}" if size else ""
    step(f"{doing} the image {name}" + (f" ({size / 1e6:.0f} MB)" if size else ""))
    next_at = each

    def told(done: int) -> None:
        nonlocal next_at
        if done >= next_at and done != size:
            step(f"{doing} the image: {done / 1e6:.0f}{whole} MB")
            next_at += each

    return told
