"""Whether an SVG picture would act by itself where it is opened as a page of its own, not only shown."""

from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from castdeck.gate import Refused, open_real

MOST_SVG = 16 << 20
_MOST_ELEMENTS = 1_000_000  # with their attributes: of a map, say
_CHUNK = 1 << 16
_ACTING = frozenset({"script", "handler", "listener", "iframe", "embed", "object", "meta", "base", "form"})
_ANIMATION = frozenset({"set", "animate", "animatemotion", "animatetransform"})
_CODE = ("javascript:", "vbscript:", "data:text/", "data:application/")
_BLANKS = dict.fromkeys(range(33))  # blanks and control codes, which browsers leave out of addresses


def acts_by_itself(path: Path) -> bool:
    """Whether the SVG file holds scripts, handlers or whole pages, or is none that can be read."""
    status = path.stat()
    return _acts(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=512)
def _acts(path: Path, changed: int, size: int) -> bool:
    if size > MOST_SVG:
        return True
    try:
        parser = ElementTree.XMLParser(target=_Elements())
        with open_real(path) as file:
            while data := file.read(_CHUNK):
                parser.feed(data)
        parser.close()
        return False
    except (_ActsError, Refused, ElementTree.ParseError, ValueError, LookupError):
        return True


class _ActsError(Exception):
    """An element acts, or there are too many to look at."""


class _Elements:
    """Looks at each element as it is read, and keeps none: a tree takes fifty times the file's bytes."""

    def __init__(self) -> None:
        self._left = _MOST_ELEMENTS

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins. Raises _ActsError."""
        self._left -= 1 + len(attributes)
        if self._left < 0 or _element_acts(tag, attributes):
            raise _ActsError

    def close(self) -> None:
        """The file has ended."""


def _element_acts(name: str, attributes: dict[str, str]) -> bool:
    tag = _local(name)
    if tag in _ACTING or (tag in _ANIMATION and "href" in attributes.get("attributeName", "").lower()):
        return True
    return any(_attribute_acts(_local(name), value) for name, value in attributes.items())


def _attribute_acts(name: str, value: str) -> bool:
    is_address = name in ("href", "src")
    return name.startswith("on") or (is_address and value.translate(_BLANKS).lower().startswith(_CODE))


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()
