"""Marp's loose YAML: the value of some directives is the rest of the line.

YAML would refuse it (`![logo](a.png)`) or take it for a comment (`#fff`).
"""

import re

LOOSE = (
    "backgroundColor",
    "backgroundImage",
    "backgroundPosition",
    "backgroundRepeat",
    "backgroundSize",
    "color",
    "footer",
    "header",
)
_LINE = re.compile(rf"^([ \t]*_?(?:{'|'.join(LOOSE)})[ \t]*:[ \t]+)(?![\[\"'{{|>~&*])(\S.*?)[ \t]*$", re.MULTILINE)


def with_loose_values(text: str) -> str:
    """The YAML text with those values in quotes; its lines keep their numbers."""
    return _LINE.sub(_quoted, text)


def _quoted(line: re.Match[str]) -> str:
    value = line[2].replace("'", "''")
    return f"{line[1]}'{value}'"
