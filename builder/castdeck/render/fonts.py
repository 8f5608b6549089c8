"""The fonts of a theme: of the families that it names, the files whose characters a deck uses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from castdeck.render.theme import NIGHT
from castdeck.render.vendor import vendor_file

FONTS_CSS = "fonts.css"
FONT_LICENSES = "LICENSE-fonts.txt"
FONT_VARIABLES = ("text-font", "heading-font", "code-font")
_FACE = re.compile(r"@font-face \{.*?\n\}", re.DOTALL)
_FAMILY = re.compile(r"font-family: '([^']+)'")
_FILE = re.compile(r'url\("([^"]+)"\)')
_RANGE = re.compile(r"U\+([0-9A-Fa-f]+)(?:-([0-9A-Fa-f]+))?")
_NAMED = re.compile(r"\"([^\"]+)\"|'([^']+)'")
_ALWAYS = frozenset(range(0x20, 0x7F))
_DECLARED = re.compile(rf"--({'|'.join(FONT_VARIABLES)}):\s*([^;}}]+)")


@dataclass(frozen=True)
class Face:
    """One @font-face rule, and the file that it loads by its path in lib/."""

    rule: str
    family: str
    file: str
    ranges: tuple[tuple[int, int], ...]

    def has(self, characters: Iterable[int]) -> bool:
        """Whether the font has one of the characters."""
        return any(first <= one <= last for one in characters for first, last in self.ranges)


def font_faces(css: str, text: str | None) -> tuple[Face, ...]:
    """The faces of the families that a theme's style sheet sets its fonts to, where `text` has their characters.

    Without a text all of them: a preview does not know what will be written.
    """
    used = None if text is None else frozenset(map(ord, set(text))) | _ALWAYS
    found = {face.rule: face for stack in chosen_fonts(css) for face in _of_stack(stack, used)}
    return tuple(found.values())


def _of_stack(stack: str, used: frozenset[int] | None) -> Iterator[Face]:
    """The faces of the families that a stack names: of each those that have what no family before it has."""
    named = [family or other for family, other in _NAMED.findall(stack)]
    for family in named:
        faces = [face for face in _faces() if face.family == family]
        yield from (face for face in faces if used is None or face.has(used))
        if used is not None:
            used = frozenset(one for one in used if not any(face.has((one,)) for face in faces))


def chosen_fonts(css: str) -> tuple[str, ...]:
    """The fonts that a theme ends up with, by day and by night: the last that it sets each variable to."""
    return tuple(fonts for part in css.split(NIGHT) for fonts in dict(_DECLARED.findall(part)).values())


def font_files(faces: Iterable[Face]) -> dict[str, Path]:
    """The files of these faces by their path in lib/, and the licenses where there are any."""
    files = {face.file: vendor_file(face.file) for face in faces}
    return files | ({FONT_LICENSES: vendor_file(FONT_LICENSES)} if files else {})


@cache
def _faces() -> tuple[Face, ...]:
    rules = _FACE.findall(vendor_file(FONTS_CSS).read_text(encoding="utf-8"))
    return tuple(_face(rule.replace("font-display: swap", "font-display: block")) for rule in rules)


def _face(rule: str) -> Face:
    family, file = _FAMILY.search(rule), _FILE.search(rule)
    assert family and file
    ranges = tuple((int(first, 16), int(last or first, 16)) for first, last in _RANGE.findall(rule))
    return Face(rule, family[1], file[1], ranges)
