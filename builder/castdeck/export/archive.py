"""Exports a built deck as a zip archive with index.html at the top, for static hosts and learning platforms."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from castdeck.export.content import content_bytes

_DATE = (1980, 1, 1, 0, 0, 0)  # the date of every file, so that archives are reproducible


def write_archive(files: Mapping[str, str | Path], out: IO[bytes]) -> None:
    """Write the files of a built deck, given by their paths with slashes, to a zip archive."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content_bytes(content))
