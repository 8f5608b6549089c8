"""The difference between two Views as a message, as small as possible.

The message is a JSON object. If slides changed, "sections" is {"at", "remove", "columns"}: replace `remove` sections,
from number `at` on, by the columns. An item of a column is either the old number of a section, which is kept or moved,
or {"from", "id", "key", "html"}: new HTML for the section with the old number "from" (null for a new section).
"title", "shell", "styles", "files", "problems" and "badges" are whole fields of the View. "follow" is the number of a
section to go to.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TypedDict, cast

from castdeck.serve.view import Section, View, columns

NewSection = TypedDict("NewSection", {"from": int | None, "id": str, "key": str, "html": str})


class Sections(TypedDict):
    """Changed sections; see above."""

    at: int
    remove: int
    columns: list[list[int | NewSection]]


class Message(TypedDict, total=False):
    """A message to a page; see above."""

    sections: Sections
    title: str
    shell: str
    styles: Mapping[str, str]
    files: Mapping[str, str]
    problems: tuple[Mapping[str, object], ...]
    badges: Mapping[str, object]
    follow: int


_PARTS = ("title", "shell", "styles", "files", "problems", "badges")


def change(old: View, new: View, *, follow: bool = False) -> Message:
    """The change from `old` to `new`; {} if they are equal."""
    message: Message = {}
    if old.sections is not new.sections and (sections := _sections(old.sections, new.sections)):
        message["sections"] = sections
    parts = {name: getattr(new, name) for name in _PARTS if getattr(old, name) != getattr(new, name)}
    message |= cast(Message, parts)
    if follow and new.edits != old.edits:
        message["follow"] = new.edited
    return message


def _sections(old: Sequence[Section], new: Sequence[Section]) -> Sections | None:
    before, after = columns(old), columns(new)
    head = _same(old, new, before, after)
    tail = _same(old, new, before[head:][::-1], after[head:][::-1])
    gone = [number for column in before[head : len(before) - tail] for number in column]
    come = after[head : len(after) - tail]
    if not gone and not come:
        return None
    at = gone[0] if gone else list(accumulate(map(len, before[:head]), initial=0))[-1]
    origin = _origins(old, new, gone, [number for column in come for number in column])
    items = [[_item(old, new[number], origin.get(number)) for number in column] for column in come]
    return {"at": at, "remove": len(gone), "columns": items}


def _same(
    old: Sequence[Section], new: Sequence[Section], before: Sequence[list[int]], after: Sequence[list[int]]
) -> int:
    """The number of equal columns at the beginning."""
    for number, (one, other) in enumerate(zip(before, after, strict=False)):
        if len(one) != len(other) or any(old[a].key != new[b].key for a, b in zip(one, other, strict=True)):
            return number
    return min(len(before), len(after))


def _origins(old: Sequence[Section], new: Sequence[Section], gone: list[int], come: list[int]) -> dict[int, int]:
    """Match each new section with an old one: by equal HTML, else by id, else by place."""
    origin: dict[int, int] = {}
    free = dict.fromkeys(gone)
    for name in ("key", "id"):
        known: dict[str, list[int]] = {}
        for number in reversed(free):
            known.setdefault(getattr(old[number], name), []).append(number)
        for number in come:
            if number not in origin and (found := known.get(getattr(new[number], name))):
                origin[number] = found.pop()
                del free[origin[number]]
    places = {number: place for place, number in enumerate(come)}
    offsets = {number: place for place, number in enumerate(gone)}
    by_place = {offsets[number]: number for number in free}
    for number in come:
        if number not in origin and (same := by_place.pop(places[number], None)) is not None:
            origin[number] = same
    return origin


def _item(old: Sequence[Section], section: Section, origin: int | None) -> int | NewSection:
    if origin is not None and old[origin].key == section.key:
        return origin
    return {"from": origin, "id": section.id, "key": section.key, "html": section.html}
