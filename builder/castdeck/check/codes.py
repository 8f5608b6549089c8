"""The codes that castdeck.toml leaves out."""

from collections.abc import Sequence
from typing import Any

from castdeck.codes import Code
from castdeck.errors import WorkspaceError
from castdeck.suggest import suggest


def ignored_codes(settings: Any) -> frozenset[Code]:
    """The codes that castdeck.toml's `ignore` lists. Raises WorkspaceError for what is no list of codes."""
    codes: Sequence[Any] = settings.get("ignore", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise WorkspaceError('castdeck.toml: ignore is a list of codes, such as ["image-without-alt"]')
    for code in codes:
        if code not in set(Code):
            message = f"castdeck.toml: ignore has {code!r}, which is no code of a problem"
            raise WorkspaceError(message, hint=suggest(code, Code))
    return frozenset(code for code in Code if code in codes)
