"""Where a live terminal begins: a block of a deck, and how many of its commands have run."""

from dataclasses import dataclass, replace

from castdeck.cast.model import Cast
from castdeck.deck.model import Block, CommandLine, Deck
from castdeck.errors import WorkspaceError
from castdeck.record.key import first_key, next_key, own_key
from castdeck.record.plan import why_not_run
from castdeck.record.session import Applied
from castdeck.record.settings import Settings
from castdeck.render.shown_commands import shown_commands


@dataclass(frozen=True)
class Start:
    """The blocks that have run, and the part of the last one (None: none of it); and what a terminal shows of it."""

    before: tuple[Applied, ...]
    part: Block | None
    shown: bytes

    @property
    def key(self) -> str:
        """The key of the state of the last whole block, "" for the golden machine."""
        return self.before[-1].key if self.before else ""


def start_at(deck: Deck, settings: Settings, name: str, cast: Cast | None, command: int) -> Start:
    """The state after the first `command` commands of the block called `name`, which `cast` shows.

    Raises WorkspaceError where there is no such block, or none that can be run.
    """
    wanted = next((block for block in deck.blocks if block.name == name), None)
    if wanted is None:
        raise WorkspaceError("there is no such terminal in the deck any more")
    if skip := why_not_run(wanted, settings):
        raise WorkspaceError(f"this block is not run: {skip}")
    before = _applied(deck, settings, wanted)
    commands = shown_commands(wanted, cast) if cast else ()
    if command >= max(1, len(commands)):
        return Start(before, None, _shown(cast, None))
    part = replace(wanted, lines=_first_lines(wanted, commands[command].first)) if command else None
    return Start(before[:-1], part, _shown(cast, command))


def _applied(deck: Deck, settings: Settings, last: Block) -> tuple[Applied, ...]:
    """The blocks of a session up to one, each with the key of the state after it."""
    found: list[Applied] = []
    key = first_key(settings.machine)
    for block in deck.blocks:
        if block.session != last.session or why_not_run(block, settings):
            continue
        key = next_key(key, own_key(block, settings.terminal.cols, settings.terminal.rows))
        found.append(Applied(block, key))
        if block is last:
            break
    return tuple(found)


def _first_lines(block: Block, count: int) -> tuple[CommandLine, ...]:
    """The lines up to the typed one of that number (from 0), with the directives that belong to them."""
    kept: list[CommandLine] = []
    typed = 0
    for line in block.lines:
        if not line.is_directive:
            if typed == count:
                break
            typed += 1
        kept.append(line)
    return tuple(kept)


def _shown(cast: Cast | None, command: int | None) -> bytes:
    """What a recording shows until the prompt of the command of that number (from 0), or until its last one."""
    if cast is None:
        return b""
    ends = [marker.time for marker in cast.markers]
    outputs = [event for event in cast.events if event.kind == "o"]
    kept = outputs[:-1] if command is None else [event for event in outputs if event.time < ends[command]]
    return "".join(event.data for event in kept).encode()
