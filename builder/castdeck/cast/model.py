"""An asciicast, version 2: https://docs.asciinema.org/manual/asciicast/v2/"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec

MOST_COLS = MOST_ROWS = 1000
MOST_EVENTS = 300_000
MOST_COMMANDS = 1000
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e7)]
_EVENT = msgspec.json.Decoder(tuple[_Seconds, str, str])


class _Header(msgspec.Struct):
    width: Annotated[int, msgspec.Meta(ge=1, le=MOST_COLS)]
    height: Annotated[int, msgspec.Meta(ge=1, le=MOST_ROWS)]
    version: object = None
    title: str = ""


_HEADER = msgspec.json.Decoder(_Header)


class CastError(ValueError):
    """A cast is invalid; `line` is the offending line of the file, None if the whole file is meant."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


class Event(NamedTuple):
    """`time` is in seconds from the start; `kind` is "o" (output) or "m" (marker); `data` is the text or the label."""

    time: float
    kind: str
    data: str


@dataclass(frozen=True)
class Cast:
    """A recording: the size of the terminal, and events in order of time."""

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
        """The markers, one per command; the label is the command's first line."""
        return tuple(event for event in self.events if event.kind == "m")


def parse_cast(text: str) -> Cast:
    """Parse an asciicast v2 file. Raises CastError, with the line, if it is invalid or too large to be shown."""
    lines = text.split("\n")  # strings may contain other line ends (U+2028...)
    if not text:
        raise CastError("the file is empty", 1)
    try:
        header = _HEADER.decode(lines[0])
    except (ValueError, RecursionError) as error:
        raise CastError(f"not an asciicast header ({error})", 1) from error
    if header.version != 2:
        raise CastError(f"asciicast version {header.version!r}, but castdeck reads only version 2", 1)
    if len(lines) > MOST_EVENTS:
        raise CastError(f"more than {MOST_EVENTS} events", MOST_EVENTS)
    cast = Cast(header.width, header.height, tuple(parse_events(lines[1:])), header.title)
    if len(cast.markers) > MOST_COMMANDS:
        raise CastError(f"more than {MOST_COMMANDS} commands", len(lines))
    return cast


def parse_events(lines: Iterable[str]) -> Iterator[Event]:
    """Parse the lines below the header. Raises CastError, with the line."""
    return (_parse_event(number, line) for number, line in enumerate(lines, 2) if line.strip())


def _parse_event(number: int, line: str) -> Event:
    try:
        return Event(*_EVENT.decode(line))
    except (ValueError, RecursionError) as error:
        raise CastError(f"not an event ({error})", number) from error


def format_cast(cast: Cast) -> str:
    """Serialise a cast as asciicast v2, without date and environment."""
    header: dict[str, object] = {"version": 2, "width": cast.cols, "height": cast.rows}
    if cast.title:
        header["title"] = cast.title
    lines = [json.dumps(header, ensure_ascii=False)]
    lines += [json.dumps([round(e.time, 6), e.kind, e.data], ensure_ascii=False) for e in cast.events]
    return "\n".join(lines) + "\n"
