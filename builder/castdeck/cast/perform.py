"""Turns recorded commands into a performance: typed by a human hand, with pauses to read, at a bearable pace.

Same commands and seed, same bytes.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from castdeck.cast.marks import Command, Session
from castdeck.cast.model import Cast, Event

_KEY = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b.|\r\n|.", re.DOTALL)
_NO_LABEL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x08|\r\n.*", re.DOTALL)


@dataclass(frozen=True)
class Pace:
    """All in seconds: a key's mean and spread, the pauses around a command, the longest silence that is kept.

    After a command comes `read` for each line of its output, at most `longest_read`.
    """

    key: float = 0.055
    key_spread: float = 0.025
    before: float = 0.4
    enter: float = 0.25
    read: float = 0.12
    longest_read: float = 2.5
    idle: float = 1.5


def perform(session: Session, cols: int, rows: int, seed: str, pace: Pace, title: str = "") -> Cast:
    """The cast of a recorded session: prompt, typing, output, pause, for each command, with a marker before it."""
    randomness = random.Random(seed)
    events: list[Event] = []
    now = 0.0
    for command in session.commands:
        events += [Event(now, "o", command.prompt), Event(now, "m", _label(command))]
        now += pace.before
        for time, key in _typing(command, now, randomness, pace):
            events.append(Event(time, "o", key))
            now = time
        for event in _without_long_silence(command, pace.idle):
            events.append(Event(now + event.time, "o", event.data))
        now = events[-1].time + min(_tail(command, pace.idle), pace.idle)
        now += min(pace.longest_read, pace.read * (1 + sum(event.data.count("\n") for event in command.output)))
    events.append(Event(now, "o", session.prompt))
    return Cast(cols, rows, tuple(events), title)


def _label(command: Command) -> str:
    return _NO_LABEL.sub("", command.typed[0]).strip()


def _typing(command: Command, start: float, randomness: random.Random, pace: Pace) -> Iterator[tuple[float, str]]:
    now = start
    for line in command.typed:
        echo, enter, rest = line.partition("\r\n")
        for key in _KEY.findall(echo):
            now += max(pace.key / 4, randomness.gauss(pace.key, pace.key_spread))
            yield now, key
        now += pace.enter
        yield now, enter + rest


def _without_long_silence(command: Command, idle: float) -> Iterator[Event]:
    cut, before = 0.0, 0.0
    for event in command.output:
        cut += max(0.0, event.time - before - idle)
        before = event.time
        yield event._replace(time=event.time - cut)


def _tail(command: Command, idle: float) -> float:
    return max(0.0, command.seconds - (command.output[-1].time if command.output else 0.0))
