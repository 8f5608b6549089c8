"""Keeps programs, Python modules and the user's settings from being found in the workspace, which may be untrusted."""

import os
import sys
from collections.abc import MutableMapping
from pathlib import Path

from castdeck.gate import CONFIG
from castdeck.repository import repository_of

_SEARCHED = {"PYTHONPATH", "LD_LIBRARY_PATH", "NODE_PATH"}  # an empty entry is the current folder
_PACKAGES = Path(__file__).resolve().parents[1]


def leave_out(folder: Path, environment: MutableMapping[str, str] = os.environ, modules: list[str] = sys.path) -> None:
    """Exclude `folder`, the workspace around it and their git repository from where programs and modules are searched.

    Applies to this process and its children. castdeck's own installation stays: a virtual environment may be inside a
    workspace. Folders of settings and caches (XDG) that are relative count as not set, as that standard says.
    """
    folder = folder.resolve()
    workspace = next((above for above in folder.parents if (above / CONFIG).is_file()), folder)
    around = repository_of(workspace) or workspace
    own = (Path(sys.executable).parent.resolve(), _PACKAGES)

    def stays(entry: str) -> bool:
        place = Path(entry).resolve()
        return place in own or (Path(entry).is_absolute() and not place.is_relative_to(around))

    def is_installed(entry: str) -> bool:
        return any(Path(entry).is_relative_to(prefix) for prefix in {sys.prefix, sys.base_prefix}) and entry != str(
            around
        )

    for name in [name for name in environment if name.startswith("XDG_") and not Path(environment[name]).is_absolute()]:
        if name.endswith(("_HOME", "_DIR")):
            del environment[name]
    environment["PATH"] = os.pathsep.join(filter(stays, os.get_exec_path(environment))) or os.defpath
    environment["PYTHONSAFEPATH"] = "1"
    for name in _SEARCHED & environment.keys():
        if kept := [entry for entry in environment[name].split(os.pathsep) if entry and stays(entry)]:
            environment[name] = os.pathsep.join(kept)
        else:
            del environment[name]
    modules[:] = [entry for entry in modules if stays(entry) or is_installed(entry)]
