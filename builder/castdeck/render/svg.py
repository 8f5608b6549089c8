"""Whether an SVG picture would act by itself where it is opened as a page of its own, not only shown."""

from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from castdeck.gate import Refused, open_real

MOST_SVG = 16 << 20
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
        with open_real(path) as file:
            return any(_element_acts(element) for _, element in ElementTree.iterparse(file, ("start",)))
    except (Refused, ElementTree.ParseError, ValueError, LookupError):
        return True


def _element_acts(element: ElementTree.Element) -> bool:
    tag = _local(element.tag)
    if tag in _ACTING or (tag in _ANIMATION and "href" in element.get("attributeName", "").lower()):
        return True
    for name, value in element.attrib.items():
        address = value.translate(_BLANKS).lower()
        if _local(name).startswith("on") or (_local(name) in ("href", "src") and address.startswith(_CODE)):
            return True
    return False


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()
