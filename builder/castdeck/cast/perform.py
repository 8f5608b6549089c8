"""Turns recorded commands into a cast that is pleasant to watch: simulated typing, pauses to read, no long waits.

Deterministic: the same commands and pace give the same bytes.
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
    """How a recording is shown. All values are in seconds, except `speed`, a factor.

    `key` and `key_spread` are the mean and spread of the time per key; `before` precedes the first key, `enter`
    precedes Enter. Typing takes at most `typing` per recording. After a command there is a pause of `read` for each
    line of output, at most `longest_read`. Silences are cut to `idle`; output that still lasts longer than `longest` is
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
    """Override a pace by settings. Raises ValueError that names what is wrong."""
    for name, value in settings.items():
        if name not in PACE_SETTINGS:
            raise ValueError(f"unknown setting {name!r} of pace: known are {', '.join(PACE_SETTINGS)}")
        least = 0.01 if name == "speed" else 0
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value < float("inf"):
            raise ValueError(f"{name}: {value!r} of pace is not a number of at least {least:g}")
        pace = replace(pace, **{name: float(value)})
    return pace


def performed(recorded: Cast, pace: Pace) -> Cast:
    """The cast that is shown for a recording. Raises CastError if it is not a recording of commands."""
    return perform(read_recording(recorded), recorded.cols, recorded.rows, pace, recorded.title)


def perform(session: RecordedSession, cols: int, rows: int, pace: Pace, title: str = "") -> Cast:
    """Make the cast of a recorded session: a marker, the prompt, typing, output and a pause for each command."""
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
    """The keys of each command, with the delay before each."""
    randomness = random.Random("\n".join(line for command in session.commands for line in command.typed))
    typed = [list(keys(command, randomness, pace.key, pace.key_spread, pace.enter)) for command in session.commands]
    by_hand = sum(seconds for command in typed for seconds, _, is_by_hand in command if is_by_hand)
    faster = min(1.0, pace.typing / by_hand) if by_hand else 1.0
    return [[(seconds * (faster if is_by_hand else 1), key) for seconds, key, is_by_hand in one] for one in typed]


def _silence(command: RecordedCommand, idle: float) -> list[float]:
    """How much to cut from the silence before each output and before the command's end."""
    times = [0.0, *(event.time for event in command.output), command.seconds]
    return [max(0.0, after - before - idle) for before, after in zip(times, times[1:], strict=False)]


def _sums(numbers: list[float]) -> Iterator[float]:
    total = 0.0
    for number in numbers:
        total += number
        yield total
