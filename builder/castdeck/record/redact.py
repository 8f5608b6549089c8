"""Masks secrets in text or a stream, in every form in which programs print them.

A value is found even if line ends, cursor movements or colours are between its characters.
"""

import base64
import html
import json
import re
import shlex
from collections.abc import Collection, Iterable, Iterator, Sequence
from urllib.parse import quote, quote_plus

MASK = "••••••••"
_SHORTEST = 5  # characters; shorter forms are too ambiguous
_BETWEEN = r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\x1b[=>78M]|[\r\n\x08]| (?=\r)"
_JUNK = re.compile(_BETWEEN)
_JUNK_SO_FAR = re.compile(rf"{_BETWEEN}|(?:\x1b(?:\[[0-9;?]*[ -/]*|[()])?| )\Z")


def secret_forms(values: Iterable[str]) -> list[str]:
    """All forms that reveal one of the values, longest first."""
    forms = {form for value in values for form in _forms(value) if len(form) >= _SHORTEST}
    return sorted(forms, key=len, reverse=True)


def _forms(value: str) -> Iterator[str]:
    data = value.encode()
    yield from (value, quote(value, safe=""), quote(value), quote_plus(value), html.escape(value))
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
    yield from (shlex.quote(value), value.replace("\\", "\\\\"), value.replace("'", "'\\''"))
    yield re.sub(r"[^\w@%+=:,./-]", r"\\\g<0>", value)  # printf %q
    yield from (data.hex(), data.hex().upper())
    for before in range(3):  # bytes of something else in the same group of three
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(bytes(before) + data).decode()
            whole = (before + len(data)) * 8 // 6  # characters that only these bytes decide
            yield text[-(-before * 8 // 6) : whole]


def redacted(text: str, forms: Collection[str]) -> str:
    """Replace every form by MASK."""
    return redacted_parts([text], forms)[0]


def redacted_parts(parts: Sequence[str], forms: Collection[str]) -> list[str]:
    """Mask the parts of one text; a form that spans several parts is masked in its first."""
    text = "".join(parts)
    found = _spans(text, forms)
    if not found:
        return list(parts)
    kept: list[str] = []
    start = 0
    for part in parts:
        end, place, data = start + len(part), start, ""
        for begin, after in found:
            if after <= place or begin >= end:
                continue
            data += text[place : max(place, begin)] + MASK * (begin >= start)
            place = min(after, end)
        kept.append(data + text[place:end])
        start = end
    return kept


def tells(text: str, values: Iterable[str]) -> bool:
    """Whether the text contains any form of one of the values."""
    return bool(_spans(text, secret_forms(values)))


class Redactor:
    """Masks secrets in a stream. A possible beginning of a secret is held back until the rest arrives."""

    def __init__(self, forms: Collection[str]) -> None:
        self._forms = forms
        self._held = ""

    def feed(self, text: str) -> str:
        """Add to the stream, and return what can be shown."""
        text = redacted(self._held + text, self._forms)
        clean, places = _clean(text, _JUNK_SO_FAR)
        longest = max((_begun(clean, form) for form in self._forms), default=0)
        shown = places[len(clean) - longest] if longest else len(text)
        self._held = text[shown:]
        return text[:shown]

    def flush(self) -> str:
        """The rest, at the end of the stream."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, form: str) -> int:
    """The number of a form's characters that the text ends with."""
    most = min(len(form) - 1, len(text))
    return next((count for count in range(most, 0, -1) if text.endswith(form[:count])), 0)


def _spans(text: str, forms: Collection[str]) -> list[tuple[int, int]]:
    """The positions of forms in the text, in order and without overlaps."""
    clean, places = _clean(text, _JUNK)
    found = sorted((places[begin], places[end - 1] + 1) for form in forms for begin, end in _finds(clean, form))
    spans: list[tuple[int, int]] = []
    for begin, end in found:
        if spans and begin < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((begin, end))
    return spans


def _finds(text: str, form: str) -> Iterator[tuple[int, int]]:
    begin = text.find(form)
    while begin >= 0:
        yield begin, begin + len(form)
        begin = text.find(form, begin + 1)


def _clean(text: str, junk: re.Pattern[str]) -> tuple[str, Sequence[int]]:
    """The text without junk, and the position of each of its characters in `text`."""
    kept: list[str] = []
    places: list[int] = []
    place = 0
    for found in junk.finditer(text):
        kept.append(text[place : found.start()])
        places += range(place, found.start())
        place = found.end()
    if not place:
        return text, range(len(text))
    return "".join([*kept, text[place:]]), [*places, *range(place, len(text))]
