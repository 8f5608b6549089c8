"""What every command that runs blocks needs: a display, a log, machines, and each deck's recordings for itself."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from castdeck.cli.console import say
from castdeck.cli.display import display
from castdeck.machine.consent import prepared
from castdeck.machine.protocol import Definition, Ready
from castdeck.problems import Problem, drawn
from castdeck.record.events import BlockEnds, Event
from castdeck.record.journal import journal
from castdeck.record.lock import only_recorder
from castdeck.record.settings import Settings
from castdeck.record.store import Recordings
from castdeck.workspace import DeckPlace, cache_folder


@dataclass(frozen=True)
class RunContext:
    """`recordings` are the decks', which nobody else changes; `ready` gives a machine; `log` is the whole log.

    `told` holds the problems that were shown as they happened.
    """

    recordings: Sequence[Recordings]
    ready: Callable[[Definition], Ready]
    tell: Callable[[Event], None]
    log: Path
    told: list[Problem]


@contextmanager
def recorder(
    places: Sequence[DeckPlace],
    settings: Sequence[Settings],
    *,
    quiet: bool,
    plain: bool = False,
    done: str = "recorded",
) -> Iterator[RunContext]:
    """All that is needed to run decks with those settings; `done` says what becomes of a block."""
    secrets = [value for one in settings for value in one.secrets.values()]
    with display(quiet, done, plain=plain) as shows, ExitStack() as stack:
        log = stack.enter_context(journal(cache_folder(), secrets))

        def step(doing: str) -> None:
            shows.step(doing)
            log.step(doing)

        def tell(event: Event) -> None:
            shows.tell(event)
            log.tell(event)
            if isinstance(event, BlockEnds) and event.problem:
                told.append(event.problem)

        def recordings(place: DeckPlace) -> Recordings:
            waiting = f"waiting for another castdeck that records {place.name}"
            return stack.enter_context(only_recorder(place.recordings, cache_folder(), lambda: step(waiting)))

        def ready(definition: Definition) -> Ready:
            made = prepared(definition, cache_folder(), step)
            if definition.risk and definition.risk not in careful:
                careful.add(definition.risk)
                say(f"warning: the machine {drawn(definition.name)} {drawn(definition.risk)}")
            return made

        told: list[Problem] = []
        careful: set[str] = set()
        in_order = sorted(places, key=lambda place: place.recordings.resolve())  # or two castdecks wait for each other
        held = {place: recordings(place) for place in in_order}
        yield RunContext([held[place] for place in places], ready, tell, log.path, told)
