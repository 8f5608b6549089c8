"""Shortens very long output: its beginning and end are kept, with a note in between."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import CastError, Event

LIMIT = 512 * 1024  # characters of one command's output
MOST_KEPT = 32 << 20
_HEAD = 0.75
_ROOM = 32 * 1024  # for the event that goes beyond
_STREAMED_HEAD, _STREAMED_TAIL = int(LIMIT * _HEAD) - _ROOM, LIMIT - int(LIMIT * _HEAD) - _ROOM
_LONGEST_MARK = 64


def capped(session: RecordedSession, limit: int = LIMIT) -> RecordedSession:
    """Limit the output of each command to about `limit` characters."""
    return replace(session, commands=tuple(_capped(command, limit) for command in session.commands))


def streamed(events: Iterable[Event], marks: Sequence[str], most: int = MOST_KEPT) -> list[Event]:
    """Pass on the events of a raw recording, with at most about LIMIT characters between two marks.

    The rest is dropped as it arrives, so that it never fills the memory; a note replaces it. Raises CastError for more
    than `most` characters in all.
    """
    kept: list[Event] = []
    tail: deque[Event] = deque()
    shown = in_tail = left_out = size = 0
    before = ""
    for event in events:
        seam, before = before + event.data, event.data[-_LONGEST_MARK:]
        if any(mark in seam for mark in marks):
            kept += _end(tail, left_out)
            shown = in_tail = left_out = 0
            kept.append(event)
        elif shown < _STREAMED_HEAD:
            shown += len(event.data)
            kept.append(event)
        else:
            tail.append(event)
            in_tail += len(event.data)
            while in_tail - len(tail[0].data) > _STREAMED_TAIL:
                in_tail -= len(tail[0].data)
                left_out += len(tail.popleft().data)
            continue
        size += len(event.data)
        if size > most:
            raise CastError(f"more than {most >> 20} MiB of output")
    return [*kept, *_end(tail, left_out)]


def _end(tail: deque[Event], left_out: int) -> list[Event]:
    found = [Event(tail[0].time, "o", f"\r\n{_note(left_out)}"), *tail] if left_out else list(tail)
    tail.clear()
    return found


def _note(left_out: int) -> str:
    return f"\x1b[0;7m[ {left_out / 1e6:.1f} MB of output are left out of this recording ]\x1b[0m\r\n"


def _capped(command: RecordedCommand, limit: int) -> RecordedCommand:
    length = sum(len(event.data) for event in command.output)
    if length <= limit:
        return command
    head = _cut_after_line(_first(command.output, int(limit * _HEAD)))
    tail = _cut_before_line(_last(command.output, limit - int(limit * _HEAD)))
    left_out = length - sum(len(event.data) for event in (*head, *tail))
    return replace(command, output=(*head, Event(tail[0].time, "o", _note(left_out)), *tail))


def _first(events: Sequence[Event], limit: int) -> list[Event]:
    kept: list[Event] = []
    for event in events:
        kept.append(event._replace(data=event.data[:limit]))
        limit -= len(event.data)
        if limit <= 0:
            break
    return kept


def _last(events: Sequence[Event], limit: int) -> list[Event]:
    kept: list[Event] = []
    for event in reversed(events):
        kept.append(event._replace(data=event.data[-limit:]))
        limit -= len(event.data)
        if limit <= 0:
            break
    return kept[::-1]


def _cut_after_line(events: list[Event]) -> list[Event]:
    before, newline, _ = events[-1].data.rpartition("\n")
    return [*events[:-1], events[-1]._replace(data=before + newline if newline else f"{events[-1].data}\r\n")]


def _cut_before_line(events: list[Event]) -> list[Event]:
    _, newline, after = events[0].data.partition("\n")
    return [events[0]._replace(data=after), *events[1:]] if newline else events
