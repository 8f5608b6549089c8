"""A built deck as a zip archive, with index.html at its top: what static hosts and learning platforms take."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

_DATE = (1980, 1, 1, 0, 0, 0)  # of every file, so that the same deck gives the same bytes


def write_archive(files: Mapping[str, str | Path], out: IO[bytes]) -> None:
    """Write the files of a built deck, by their paths with slashes, into a zip archive."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content.read_bytes() if isinstance(content, Path) else content.encode())
