"""What is known of the decks that are recorded now: the lines to print as things happen, and the rows for what runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rich.text import Text

from castdeck.cli.console import BAD, CAREFUL, GOOD, TYPED, problem_text
from castdeck.deck.model import session_id
from castdeck.problems import plain
from castdeck.record.events import (
    BlockBegins,
    BlockDrifts,
    BlockEnds,
    BlockStopped,
    CommandBegins,
    Doing,
    Event,
    Work,
    WorkBegins,
    WorkEnds,
)
from castdeck.workspace import name_of

_LEAST_COMMAND = 10  # columns: a command that gets less is not shown
_GAP = "  "
_NOTICED = 0.05  # seconds: what takes less is no matter of time


@dataclass
class _Row:
    """A session: what it does since when; `left` is about how many seconds it needed at the moment `left_since`."""

    name: str
    what: str = ""
    command: str = ""
    progress: str = ""
    since: float = 0.0
    done: int = 0
    of: int = 0
    left: float | None = None
    left_since: float = 0.0
    has_begun: bool = False

    def seconds_left(self, now: float) -> float | None:
        """About how many seconds it needs from now on."""
        return None if self.left is None else max(0.0, self.left - (now - self.left_since))


@dataclass
class Board:
    """Takes events and steps; `done` says what becomes of a block. `is_plain`: each thing is told by lines alone."""

    done: str
    clock: Callable[[], float]
    is_plain: bool
    _rows: dict[Work, _Row] = field(default_factory=dict)
    _step: tuple[str, float] | None = None

    def step(self, doing: str) -> Iterator[Text]:
        """Something is done for all sessions; gives the lines to print, as `tell` does."""
        yield from self._step_ends()
        self._step = plain(doing), self.clock()
        if self.is_plain:
            yield Text(f"  {self._step[0]} ...")

    def tell(self, event: Event) -> Iterator[Text]:
        """Something happens."""
        yield from self._step_ends()
        now = self.clock()
        row = self._rows.setdefault(event.work, _Row(_name(event.work)))
        match event:
            case WorkBegins():
                row.of, row.since = event.of, now
            case Doing():
                row.what, row.command, row.since, row.has_begun = plain(event.what), "", now, True
                if self.is_plain:
                    yield Text(f"  {row.name}: {row.what}")
            case BlockBegins():
                row.what = f"running {event.block.name} again" if event.replayed else event.block.name
                row.progress, row.of = f"{event.number} of {event.of}", event.of
                row.command, row.since, row.has_begun = "", now, True
                row.left, row.left_since = event.left, now
                if self.is_plain:
                    about = f", about {duration(event.left)} left" if event.left and event.left >= 1 else ""
                    yield Text(f"  {row.name}: {row.what} ({row.progress}{about})")
            case CommandBegins():
                row.command = " ".join(plain(event.line.text).split())
            case BlockEnds():
                row.done += 1
                what, style = ("failed", BAD) if event.failed else (self.done, GOOD)
                yield Text.assemble(f"  {row.name}: ", (what, style), f" {event.block.name}  {now - row.since:.1f} s")
                if event.problem:
                    yield problem_text(event.problem, indent="  ")
            case BlockDrifts():
                yield problem_text(event.problem, indent="  ")
            case BlockStopped() if row.what == event.block.name:
                yield Text.assemble(f"  {row.name}: ", ("stopped", CAREFUL), f" {event.block.name}")
            case WorkEnds():
                row.has_begun, row.left = False, 0.0
            case _:
                pass

    def rows(self, width: int, spinner: str = " ") -> list[Text]:
        """What runs now, in rows of at most `width` columns: only the command is shortened, to none at all."""
        now = self.clock()
        running = [row for row in self._rows.values() if row.has_begun]
        found = []
        if self._step:
            found.append(_fitted(spinner, self._step[0], "", "", f"{duration(now - self._step[1])}", width, 0))
        widest = max((len(_what(row)) for row in running), default=0)
        for row in running:
            age = duration(now - row.since)
            found.append(_fitted(spinner, _what(row), row.progress, row.command, age, width, widest))
        if running and (overall := self._overall(now)):
            found.append(Text(f"{_GAP}{overall}", "dim"))
        return found

    def end(self) -> Iterator[Text]:
        """Nothing comes any more."""
        yield from self._step_ends()
        self._rows.clear()

    def _overall(self, now: float) -> str:
        """Blocks done of all, and about how long all of it still takes."""
        rows = list(self._rows.values())
        of = sum(row.of for row in rows)
        if not of:
            return ""
        done = f"{sum(row.done for row in rows)} of {of} block{'' if of == 1 else 's'} done"
        left = [row.seconds_left(now) for row in rows]
        known = [seconds for seconds in left if seconds is not None]
        if len(known) < len(left) or not sum(known):
            return done
        side_by_side = sum(row.has_begun for row in rows)
        return f"{done}, about {duration(max(max(known), sum(known) / side_by_side))} left"

    def _step_ends(self) -> Iterator[Text]:
        if self._step:
            (doing, since), self._step = self._step, None
            seconds = self.clock() - since
            if seconds >= _NOTICED:
                yield Text(f"  {doing}  {seconds:.1f} s")
            elif not self.is_plain:  # where all is told in lines, it has been told
                yield Text(f"  {doing}")


def duration(seconds: float) -> str:
    """A duration for people: 7 s, 1:07, 1:02:07."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes}:{rest:02}" if minutes < 60 else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def deck_name(path: Path) -> str:
    """How a deck is called in messages."""
    return name_of(path)


def _name(work: Work) -> str:
    deck = deck_name(work.deck)
    return plain(session_id(deck, work.session))


def _what(row: _Row) -> str:
    return f"{row.name}: {row.what}" if row.what else row.name


def _fitted(spinner: str, what: str, progress: str, command: str, age: str, width: int, widest: int) -> Text:
    """One row: the spinner, what is done, which block of how many, the command, the time at the right."""
    room = width - len(spinner) - len(_GAP) - len(age)
    fixed = len(progress) + len(_GAP) * bool(progress)
    name = Text(what)
    if name.cell_len < widest <= room - fixed - _LEAST_COMMAND:
        name.pad_right(widest - name.cell_len)
    if name.cell_len + fixed > room - 1:
        name.truncate(max(1, room - 1 - fixed), overflow="ellipsis")
    row = Text.assemble(f"{spinner} ", name)
    if progress:
        row.append(f"{_GAP}{progress}", "dim")
    left = width - row.cell_len - len(age) - 2 * len(_GAP)
    if command and left >= _LEAST_COMMAND:
        typed = Text(command, TYPED)
        typed.truncate(left, overflow="ellipsis")
        row.append(_GAP).append_text(typed)
    row.pad_right(max(1, width - row.cell_len - len(age)))
    row.append(age, "dim")
    return row
