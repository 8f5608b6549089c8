"""Output that nobody will ever read to its end: the beginning and the end of it are kept, and a note says so."""

from collections.abc import Sequence
from dataclasses import replace

from castdeck.cast.marks import Command, Session
from castdeck.cast.model import Event

LIMIT = 512 * 1024  # characters of one command's output
_HEAD = 0.75


def capped(session: Session, limit: int = LIMIT) -> Session:
    """The session with at most about `limit` characters of each command's output."""
    return replace(session, commands=tuple(_capped(command, limit) for command in session.commands))


def _capped(command: Command, limit: int) -> Command:
    length = sum(len(event.data) for event in command.output)
    if length <= limit:
        return command
    head = _cut_after_line(_first(command.output, int(limit * _HEAD)))
    tail = _cut_before_line(_last(command.output, limit - int(limit * _HEAD)))
    left_out = length - sum(len(event.data) for event in (*head, *tail))
    note = f"\x1b[0;7m[ {left_out / 1e6:.1f} MB of output are left out of this recording ]\x1b[0m\r\n"
    return replace(command, output=(*head, Event(tail[0].time, "o", note), *tail))


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
