"""The bytes of a built deck's file, for exports."""

from pathlib import Path

from castdeck.errors import WorkspaceError
from castdeck.gate import MOST_PUBLISHED, Refused, open_real


def content_bytes(content: str | Path, most: int = MOST_PUBLISHED) -> bytes:
    """The bytes of a text, or of a file, which is read to the end or to `most` bytes.

    Raises WorkspaceError where a link has taken the place of the file.
    """
    if isinstance(content, str):
        return content.encode()
    try:
        with open_real(content) as file:
            return file.read(most)
    except Refused as error:
        raise WorkspaceError(f"{content} {error}", path=content) from error
