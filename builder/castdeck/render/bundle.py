"""The page's own scripts, ES modules in browser/, as one classic script: Chromium loads no modules from file://."""

import re
from pathlib import Path

BROWSER = Path(__file__).parent / "browser"
IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w./-]+\.js)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?function|const|class)", re.MULTILINE)
ENTRY = "start.js"


def bundle_scripts(folder: Path = BROWSER, entry: str = ENTRY) -> str:
    """All modules that `entry` needs, each after those that it imports. Imports are named and keep their names."""
    order: list[Path] = []
    _visit((folder / entry).resolve(), order)
    parts = [EXPORT.sub("", IMPORT.sub("", path.read_text(encoding="utf-8"))) for path in order]
    return '(() => {\n"use strict";\n' + "\n".join(parts) + "})();\n"


def _visit(path: Path, order: list[Path]) -> None:
    if path in order:
        return
    for needed in IMPORT.findall(path.read_text(encoding="utf-8")):
        _visit((path.parent / needed).resolve(), order)
    order.append(path)
