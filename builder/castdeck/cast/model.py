"""An asciicast, version 2: https://docs.asciinema.org/manual/asciicast/v2/"""

import json
from dataclasses import dataclass
from typing import NamedTuple


class CastError(ValueError):
    """The text is no asciicast v2."""


class Event(NamedTuple):
    """`time` in seconds from the start; `kind` is "o" (output) or "m" (marker); `data` the text or the label."""

    time: float
    kind: str
    data: str


@dataclass(frozen=True)
class Cast:
    """A recording: the terminal's size in columns and rows, and its events in order of time."""

    cols: int
    rows: int
    events: tuple[Event, ...]
    title: str = ""

    @property
    def duration(self) -> float:
        """Seconds from the start to the last event."""
        return self.events[-1].time if self.events else 0.0

    @property
    def markers(self) -> tuple[Event, ...]:
        """One for each command; the label is its first line."""
        return tuple(event for event in self.events if event.kind == "m")


def parse_cast(text: str) -> Cast:
    """Read an asciicast v2 file's text. Raises CastError, which names the line."""
    lines = text.split("\n")  # other line ends (U+2028...) stand in the strings as they are
    if not text:
        raise CastError("line 1: the file is empty")
    try:
        header = json.loads(lines[0])
        cols, rows = int(header["width"]), int(header["height"])
    except (ValueError, KeyError, TypeError) as error:
        raise CastError(f"line 1: not an asciicast header ({error})") from error
    if header.get("version") != 2:
        raise CastError(f"line 1: asciicast version {header.get('version')!r}, only 2 is read")
    events = tuple(_parse_event(number, line) for number, line in enumerate(lines[1:], 2) if line.strip())
    return Cast(cols, rows, events, str(header.get("title", "")))


def _parse_event(number: int, line: str) -> Event:
    try:
        time, kind, data = json.loads(line)
        return Event(float(time), str(kind), str(data))
    except (ValueError, TypeError) as error:
        raise CastError(f"line {number}: not an event ({error})") from error


def format_cast(cast: Cast) -> str:
    """The cast as asciicast v2 text: no date, no environment of the computer that recorded it."""
    header: dict[str, object] = {"version": 2, "width": cast.cols, "height": cast.rows}
    if cast.title:
        header["title"] = cast.title
    lines = [json.dumps(header, ensure_ascii=False)]
    lines += [json.dumps([round(e.time, 6), e.kind, e.data], ensure_ascii=False) for e in cast.events]
    return "\n".join(lines) + "\n"
