"""The setting `image` of a machine: the disk image that it is made from, by URL or path, and its checksum."""

import re
from dataclasses import dataclass

from castdeck.addresses import split_address
from castdeck.errors import WorkspaceError
from castdeck.machine.qemu.checksums import sha256
from castdeck.machine.settings import Table

_ALGORITHMS = {"sha256": 64, "sha512": 128}  # hexadecimal digits
_HEADERS = 64 << 20  # bytes that a disk image may be larger than its disk
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


@dataclass(frozen=True)
class DiskImage:
    """A disk image: its URL or absolute path, and its checksum ("sha256:" and 64 digits, for example)."""

    source: str
    checksum: str

    @property
    def is_remote(self) -> bool:
        """Whether it has to be downloaded."""
        return bool(_ADDRESS.match(self.source))

    @property
    def name(self) -> str:
        """The last part of its URL or path, for messages."""
        return (split_address(self.source).path if self.is_remote else self.source).rpartition("/")[2] or self.source


def read_image(table: Table, disk: int) -> DiskImage | None:
    """The image in a table, if any, for a machine with a disk of that many GiB. Raises WorkspaceError.

    The checksum of a local file is computed if missing.
    """
    source, checksum = table.text("image"), _checksum(table)
    if not source:
        if checksum:
            raise table.wrong("there is a checksum, but no image")
        return None
    if _ADDRESS.match(source):
        return _remote(table, source, checksum)
    return _local(table, source, checksum, disk)


def _checksum(table: Table) -> str:
    checksum = table.text("checksum").lower()
    algorithm, _, digits = checksum.partition(":")
    if checksum and (len(digits) != _ALGORITHMS.get(algorithm) or not re.fullmatch("[0-9a-f]+", digits)):
        raise table.wrong(
            f"checksum can't be {table.text('checksum')!r}",
            'it must be "sha256:" and 64 hexadecimal digits, or "sha512:" and 128',
        )
    return checksum


def _remote(table: Table, address: str, checksum: str) -> DiskImage:
    parts = split_address(address)
    if parts.scheme.lower() not in ("https", "http") or not parts.hostname or not address.isprintable():
        raise table.wrong(f"image: {address!r} is not an http or https URL")
    if parts.username is not None or " " in address:
        raise table.wrong("image: a URL must not contain a user, a password or blanks")
    if not checksum:
        raise table.wrong(
            "image: a URL needs a checksum",
            'publishers list it, in SHA512SUMS for example: checksum = "sha512:..."',
        )
    return DiskImage(address, checksum)


def _local(table: Table, named: str, checksum: str, disk: int) -> DiskImage:
    """A local image. Outside of the workspace it needs a checksum, which proves that its author knows the file."""
    if table.folder is None:
        raise table.wrong("image: paths are relative to castdeck.toml, and there is none")
    path = (table.folder / named).resolve()
    if checksum:
        return DiskImage(str(path), checksum)
    if not path.is_relative_to(table.folder.resolve()):
        raise table.wrong(
            f"image: {named} is outside the workspace, so it needs a checksum", f"sha256sum {named} prints it"
        )
    try:
        if not path.is_file():
            raise table.wrong(
                f"image: {named} is not a file", "with a checksum, only the computer that builds the machine needs it"
            )
        if path.stat().st_size > (disk << 30) + _HEADERS:
            raise table.wrong(f"image: {named} is larger than the machine's disk of {disk} GiB", "set a larger `disk`")
        return DiskImage(str(path), f"sha256:{sha256(path)}")
    except OSError as error:
        raise WorkspaceError(f"castdeck.toml, [machine.{table.name}]: image: {named}: {error.strerror}") from error
