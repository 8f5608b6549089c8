"""A fence's info string: language, attributes in pandoc's style, and reveal.js's line highlights."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

_INFO = re.compile(r"\s*(?P<language>[^\s{\[]*)\s*(?P<rest>.*)", re.DOTALL)
_ATTRIBUTES = re.compile(r"\{(.*)\}")
_HIGHLIGHT = re.compile(r"\[([\d,|\s*-]+)\]")

FLAGS = ("norun", "hidden", "shows-secrets", "varies")
SETTINGS = ("session", "exit", "timeout", "needs", "cols", "rows", "idle", "speed")


@dataclass(frozen=True)
class Info:
    """What an info string says. `problems` are messages about what it says wrongly."""

    language: str
    highlight: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def number(self, name: str) -> float | None:
        """A positive number that an attribute gives; None without it (or with what is no number)."""
        try:
            value = float(self.values[name])
        except (KeyError, ValueError):
            return None
        return value if value > 0 else None


def parse_info(text: str) -> Info:
    """Read an info string; what is wrong with it is in `problems`, with the nearest known word."""
    parts = _INFO.fullmatch(text)
    assert parts
    highlight = _HIGHLIGHT.search(_ATTRIBUTES.sub("", parts["rest"]))
    attributes = _ATTRIBUTES.search(parts["rest"])
    try:
        words = shlex.split(attributes[1]) if attributes else []
    except ValueError as error:
        return Info(parts["language"], problems=(f"attributes can't be read: {error}",))
    classes = tuple(word[1:] for word in words if word.startswith("."))
    ids = [word[1:] for word in words if word.startswith("#")]
    values = dict(word.split("=", 1) for word in words if "=" in word and word[0] not in ".#")
    info = Info(parts["language"], highlight[1] if highlight else "", ids[-1] if ids else "", classes, values)
    strays = [word for word in words if "=" not in word and word[0] not in ".#"]
    return Info(info.language, info.highlight, info.id, classes, values, tuple(_problems(info, strays)))


def _problems(info: Info, strays: list[str]) -> Iterator[str]:
    for word in strays:
        yield f"attribute {word!r} is neither .class, #id nor key=value"
    for name in info.values:
        if name not in SETTINGS and not name.startswith(("fill.", "data-")):
            yield f"unknown attribute {name!r}{_near(name, SETTINGS)}"
    for name in info.classes:
        if name not in FLAGS and (near := _near(name, FLAGS)):
            yield f"unknown class {name!r}{near}"
    for name in ("timeout", "idle", "speed", "cols", "rows"):
        if name in info.values and info.number(name) is None:
            yield f"{name}={info.values[name]} is not a number above 0"
    exit_status = info.values.get("exit", "0")
    if exit_status != "any" and not (exit_status.isdecimal() and int(exit_status) < 256):
        yield f"exit={exit_status} is neither a status from 0 to 255 nor any"
    if info.values.get("needs", "internet") != "internet":
        yield f"needs={info.values['needs']}: only internet is known"


def _near(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word, known, 1)
    return f": did you mean {near[0]!r}?" if near else ""
