"""What differs between two runs of the same commands on the same machine, and so says nothing when it also differs from
a recording: ids, addresses, names of temporary files, loads, times.

Two fresh runs are compared word by word. Where they agree, the recording has to agree too; where they differ it may
have any word of the same shape. An id may happen to have digits only, or letters only, and still be an id: no rule can
see that in one text, but the other text says `<id>` there. Processes that were started before the blocks have the same
numbers in all fresh runs, though not where something else was started before; the machine tells which they are.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

_ID = "<id>"  # what a rule has put in the place of an id
_AN_ID = rf"(?:{_ID}|[0-9a-f]{{7,64}})"
_PROCESS = "<process>"
_LEAST_PROCESS = 100  # those below are the kernel's, and always have the same numbers
_MAYBE_AN_ID = re.compile(r"\d{7,64}|[a-f]{7,64}")
_PARTS = re.compile(r"<\w+>|\w+|\s+|[^\w\s]")
_SHAPES = (
    re.compile(r"\d+"),
    re.compile(r"(?:0x)?[0-9a-f]+"),
    re.compile(r"\w+"),
)
_PLACEHOLDER = r"<\w+>"


def is_same(recorded: Sequence[str], now: Sequence[str]) -> bool:
    """Whether the lines are the same, but for ids that only one of them shows as such."""
    return len(recorded) == len(now) and all(
        one == other or re.fullmatch(_same(_PARTS.findall(one)), other)
        for one, other in zip(recorded, now, strict=True)
    )


def agrees(recorded: Sequence[str], one: Sequence[str], other: Sequence[str], processes: Collection[int] = ()) -> bool:
    """Whether recorded lines differ from two fresh runs only where those differ from each other, or tell of one of the
    machine's `processes` by its number."""
    pattern = "".join(_lines(_without_numbers(one, processes), _without_numbers(other, processes)))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in recorded)) is not None


def _without_numbers(lines: Sequence[str], processes: Collection[int]) -> list[str]:
    """The lines with a placeholder for each number of a process."""
    numbers = {str(number) for number in processes if number >= _LEAST_PROCESS}
    return [re.sub(r"\b\d+\b", lambda found: _PROCESS if found[0] in numbers else found[0], line) for line in lines]


def _lines(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """A pattern for each line, or group of lines."""
    for change, begin, end, start, stop in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if change == "equal":
            yield from (f"{_same(_PARTS.findall(line))}\n" for line in one[begin:end])
        elif end - begin == stop - start:
            yield from (f"{_line(a, b)}\n" for a, b in zip(one[begin:end], other[start:stop], strict=True))
        else:  # a program that told more this time: lines like these, or none
            shapes = {_line(line, line, is_loose=True) for line in (*one[begin:end], *other[start:stop])}
            yield rf"(?:(?:{'|'.join(sorted(shapes))})\n)*"


def _line(one: str, other: str, *, is_loose: bool = False) -> str:
    ones, others = _PARTS.findall(one), _PARTS.findall(other)
    if is_loose:
        return "".join(_loose(part) for part in ones)
    pattern = ""
    for change, begin, end, start, stop in SequenceMatcher(None, ones, others, autojunk=False).get_opcodes():
        if change == "equal":
            pattern += _same(ones[begin:end])
        elif end - begin == stop - start:
            pairs = zip(ones[begin:end], others[start:stop], strict=True)
            pattern += "".join(_part(a, b) for a, b in pairs)
        else:
            pattern += r"\S*" if not re.search(r"\s", "".join((*ones[begin:end], *others[start:stop]))) else ".*"
    return pattern


def _same(parts: Sequence[str]) -> str:
    return "".join(map(_itself, parts))


def _itself(part: str) -> str:
    if part == _ID:
        return _AN_ID
    if part == _PROCESS:
        return r"\d+"
    return f"(?:{part}|{_ID})" if _MAYBE_AN_ID.fullmatch(part) else re.escape(part)


def _part(one: str, other: str) -> str:
    if one == other:
        return _itself(one)
    if _ID in (one, other) and all(re.fullmatch(_AN_ID, part) for part in (one, other)):
        return _AN_ID
    shape = next((shape for shape in _SHAPES if shape.fullmatch(one) and shape.fullmatch(other)), None)
    return rf"(?:{shape.pattern}|{_PLACEHOLDER})" if shape else r"(?:\S*|\s+)"


def _loose(part: str) -> str:
    """A part of a line that may come any number of times: its digits and hexadecimal numbers may be others."""
    shape = next((shape for shape in _SHAPES[:2] if shape.fullmatch(part)), None)
    return rf"(?:{shape.pattern})" if shape and any(map(str.isdigit, part)) else re.escape(part)
