"""The page's own scripts, ES modules in browser/, as one classic script: Chromium loads no modules from file://."""

import re
from pathlib import Path

BROWSER = Path(__file__).parent / "browser"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)
ENTRY = "start.js"


def bundle_scripts(folder: Path = BROWSER, entry: str = ENTRY) -> str:
    """All modules that `entry` needs, each after those that it imports. Imports are named and keep their names."""
    order: list[str] = []
    _visit(folder, entry, order)
    parts = [EXPORT.sub("", IMPORT.sub("", (folder / name).read_text(encoding="utf-8"))) for name in order]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def _visit(folder: Path, name: str, order: list[str]) -> None:
    if name in order:
        return
    for needed in IMPORT.findall((folder / name).read_text(encoding="utf-8")):
        _visit(folder, needed, order)
    order.append(name)
