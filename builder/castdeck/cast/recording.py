"""The stored form of a recording: an asciicast of what really happened, which marks each command.

Each command is preceded by a marker, each of its lines by an input event ("i") with the typed text; times are real. So
any asciicast player can play the file, and `read_recording` can restore the commands, to perform them in another way or
to compare them with a new run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Cast, CastError, Event

_NOT_TEXT = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x08|\r\n.*", re.DOTALL)


def recording(session: RecordedSession, cols: int, rows: int, title: str = "") -> Cast:
    """The cast that stores a session, with its original times."""
    return Cast(cols, rows, tuple(_events(session)), title)


def _events(session: RecordedSession) -> Iterator[Event]:
    now = 0.0
    for command in session.commands:
        yield Event(now, "o", command.prompt)
        yield Event(now, "m", label(command))
        for line in command.typed:
            yield Event(now, "i", f"{_NOT_TEXT.sub('', line)}\r")
            yield Event(now, "o", line)
        for event in command.output:
            yield event._replace(time=now + event.time)
        now += command.seconds
    yield Event(now, "o", session.prompt)


def label(command: RecordedCommand) -> str:
    """The first line of a command, as typed."""
    return _NOT_TEXT.sub("", command.typed[0]).strip()


def read_recording(cast: Cast, statuses: Sequence[int] = ()) -> RecordedSession:
    """Restore the commands of a cast made by `recording`; their exit `statuses` are not part of the cast (default: 0).

    Raises CastError for any other cast.
    """
    starts = [number for number, event in enumerate(cast.events) if event.kind == "m"]
    if not starts or starts[0] != 1 or cast.events[-1].kind != "o":
        raise CastError("not a recording of commands")
    ends = [*(start - 1 for start in starts[1:]), len(cast.events) - 1]
    commands = [
        _command(cast.events[start - 1].data, cast.events[start + 1 : end], cast.events[end].time)
        for start, end in zip(starts, ends, strict=True)
    ]
    for number, status in enumerate(statuses[: len(commands)]):
        commands[number] = replace(commands[number], status=status)
    return RecordedSession(tuple(commands), cast.events[-1].data)


def _command(prompt: str, events: Sequence[Event], end: float) -> RecordedCommand:
    inputs = [number for number, event in enumerate(events) if event.kind == "i"]
    if not inputs or inputs != list(range(0, 2 * len(inputs), 2)) or len(events) < 2 * len(inputs):
        raise CastError("a command without its input")
    began = events[0].time
    output = tuple(event._replace(time=event.time - began) for event in events[2 * len(inputs) :])
    return RecordedCommand(prompt, tuple(events[number + 1].data for number in inputs), output, end - began, 0)
