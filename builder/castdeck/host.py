"""Keeps programs and Python modules from being found in the workspace, which may be untrusted."""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

_CONFIG = "castdeck.toml"
_PACKAGES = Path(__file__).resolve().parents[1]


def leave_out(folder: Path, environment: MutableMapping[str, str] = os.environ, modules: list[str] = sys.path) -> None:
    """Exclude `folder` and the workspace around it from PATH and Python's module path.

    Applies to this process and its children. castdeck's own installation stays: a virtual environment may be inside a
    workspace.
    """
    folder = folder.resolve()
    around = next((above for above in folder.parents if (above / _CONFIG).is_file()), folder)
    own = (Path(sys.executable).parent.resolve(), _PACKAGES)

    def stays(entry: str) -> bool:
        place = Path(entry).resolve()
        return place in own or (Path(entry).is_absolute() and not place.is_relative_to(around))

    def is_installed(entry: str) -> bool:
        return any(Path(entry).is_relative_to(prefix) for prefix in {sys.prefix, sys.base_prefix}) and entry != str(
            around
        )

    environment["PATH"] = os.pathsep.join(filter(stays, os.get_exec_path(environment))) or os.defpath
    environment["PYTHONSAFEPATH"] = "1"
    if python_path := [
        entry for entry in environment.get("PYTHONPATH", "").split(os.pathsep) if entry and stays(entry)
    ]:
        environment["PYTHONPATH"] = os.pathsep.join(python_path)
    else:
        environment.pop("PYTHONPATH", None)
    modules[:] = [entry for entry in modules if stays(entry) or is_installed(entry)]
