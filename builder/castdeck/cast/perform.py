"""Turns recorded commands into a performance: typed by a human hand, with pauses to read, at a bearable pace.

Same commands and pace, same bytes.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from castdeck.cast.hand import keys
from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Cast, Event
from castdeck.cast.recording import label, read_recording


@dataclass(frozen=True)
class Pace:
    """How a recording is shown; all in seconds, but for `speed`, a factor on the whole.

    `key` and `key_spread` are a key's mean and spread; `before` comes before the first key, `enter` before Enter. All
    keys of a recording take at most `typing`. After a command comes `read` for each line of its output, at most
    `longest_read`. Of a silence `idle` is kept; a command whose output would still play for more than `longest` is
    played faster.
    """

    key: float = 0.055
    key_spread: float = 0.025
    before: float = 0.4
    enter: float = 0.25
    typing: float = 12.0
    read: float = 0.12
    longest_read: float = 2.5
    idle: float = 1.5
    longest: float = 20.0
    speed: float = 1.0


PACE_SETTINGS = tuple(field.name for field in fields(Pace))


def with_pace(pace: Pace, settings: Mapping[str, object]) -> Pace:
    """The pace changed by settings of those names. Raises ValueError, which names what is wrong."""
    for name, value in settings.items():
        if name not in PACE_SETTINGS:
            raise ValueError(f"unknown setting {name!r} of pace: known are {', '.join(PACE_SETTINGS)}")
        least = 0.01 if name == "speed" else 0
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
            raise ValueError(f"{name}: {value!r} of pace is not a number above {least:g}")
        pace = replace(pace, **{name: float(value)})
    return pace


def performed(recorded: Cast, pace: Pace) -> Cast:
    """What a recording is shown as. Raises CastError when it is not one of commands."""
    return perform(read_recording(recorded), recorded.cols, recorded.rows, pace, recorded.title)


def perform(session: RecordedSession, cols: int, rows: int, pace: Pace, title: str = "") -> Cast:
    """The cast of a recorded session: prompt, typing, output, pause, for each command, with a marker before it."""
    events: list[Event] = []
    now = 0.0
    for command, typed in zip(session.commands, _typed(session, pace), strict=True):
        events += [Event(now, "o", command.prompt), Event(now, "m", label(command))]
        now += pace.before
        for seconds, key in typed:
            now += seconds
            events.append(Event(now, "o", key))
        silence = _silence(command, pace.idle)
        seconds = command.seconds - sum(silence)
        faster = min(1.0, pace.longest / seconds) if seconds > 0 else 1.0
        for event, left_out in zip(command.output, _sums(silence), strict=False):
            events.append(Event(now + (event.time - left_out) * faster, "o", event.data))
        now += max(0.0, seconds * faster)
        now += min(pace.longest_read, pace.read * (1 + sum(event.data.count("\n") for event in command.output)))
    events.append(Event(now, "o", session.prompt))
    return Cast(cols, rows, tuple(event._replace(time=event.time / pace.speed) for event in events), title)


def _typed(session: RecordedSession, pace: Pace) -> list[list[tuple[float, str]]]:
    """For each command its keys, with the seconds before each."""
    randomness = random.Random("\n".join(line for command in session.commands for line in command.typed))
    typed = [list(keys(command, randomness, pace.key, pace.key_spread, pace.enter)) for command in session.commands]
    by_hand = sum(seconds for command in typed for seconds, _, is_by_hand in command if is_by_hand)
    faster = min(1.0, pace.typing / by_hand) if by_hand else 1.0
    return [[(seconds * (faster if is_by_hand else 1), key) for seconds, key, is_by_hand in one] for one in typed]


def _silence(command: RecordedCommand, idle: float) -> list[float]:
    """How much of the silence before each output, and before the command's end, is left out."""
    times = [0.0, *(event.time for event in command.output), command.seconds]
    return [max(0.0, after - before - idle) for before, after in zip(times, times[1:], strict=False)]


def _sums(numbers: list[float]) -> Iterator[float]:
    total = 0.0
    for number in numbers:
        total += number
        yield total
