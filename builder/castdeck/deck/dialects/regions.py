"""Regions of source files: the lines between `#region name` and `#endregion name`, in the comments of any language."""

import re
from textwrap import dedent

_MARK = re.compile(
    r"[ \t]*(?://|/\*|#pragma|<!--|::|--|;|#|')?[ \t]*"
    r"#?(?P<end>end[ ]?)?region\b[ \t]*(?P<name>[\w*-]*)[ \t]*(?:\*/|-->)?[ \t]*",
    re.IGNORECASE,
)


def region(code: str, name: str) -> str | None:
    """The lines of the region, without common indentation and without marks; None if there is no such region."""
    inside: list[str] | None = None
    open_regions = 0
    for line in code.split("\n"):
        mark = _MARK.fullmatch(line)
        if inside is None:
            if mark and not mark["end"] and mark["name"] == name:
                inside = []
        elif not mark:
            inside.append(line)
        elif not mark["end"]:
            open_regions += 1
        elif mark["name"] in ("", name) and not open_regions:
            return dedent("\n".join(inside)) + "\n"
        else:
            open_regions = max(0, open_regions - 1)
    return None if inside is None else dedent("\n".join(inside))
