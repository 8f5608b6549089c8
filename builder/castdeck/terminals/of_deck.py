"""The live terminals of a deck that a page shows: where each begins, and what is kept of it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from starlette.websockets import WebSocket

from castdeck import atomic
from castdeck.cast.model import Cast
from castdeck.deck.model import Block, Deck
from castdeck.errors import CastdeckError, DeckError, WorkspaceError
from castdeck.record.checks import Outcome, checks_beside, run_checks
from castdeck.record.settings import Settings, settings_of
from castdeck.terminals import wire
from castdeck.terminals.attend import attend
from castdeck.terminals.hall import Hall
from castdeck.terminals.keep import Edit, with_block
from castdeck.terminals.machine import LiveMachine
from castdeck.terminals.place import Start, start_at
from castdeck.terminals.ports import open_ports
from castdeck.terminals.terminal import LiveTerminal
from castdeck.workspace import Workspace, read_deck_text

_MOST_COMMANDS = 200
Checked = Callable[[str, str, bool], None]
"""Told whose checks, those of which slide, and whether they are done."""


@dataclass(frozen=True)
class DeckShown:
    """A deck as a page shows it, with what is shown of a block's recording."""

    deck: Deck
    workspace: Workspace
    cast: Callable[[Block], Cast | None]


async def attend_terminal(
    socket: WebSocket,
    shown: Callable[[], DeckShown],
    hall: Hall,
    owner: str = "",
    checked: Checked = lambda owner, slide, is_done: None,
) -> None:
    """Join a page to a live terminal of the deck that is shown when it asks for it.

    An `owner` has one at a time, and can't change the deck. `checked` is told what came of a check.
    """

    async def begin(hello: wire.Hello) -> LiveTerminal:
        now = shown()
        settings, start = await asyncio.to_thread(_start, now, hello.block, hello.command)
        has_check = bool(checks_beside(now.deck, _block(now, hello.block)))
        return hall.begin(hello, settings, start, owner, has_check=has_check)

    async def asked(terminal: LiveTerminal, asks: wire.Do) -> dict[str, object]:
        now = shown()
        if asks.what == "ports":
            terminal.ports = await asyncio.wrap_future(_machine(terminal).ask(open_ports))
            return {"ports": terminal.ports, "at": f"port/{terminal.key}/"}
        if asks.what == "check":
            outcome = await asyncio.wrap_future(_check(now, terminal))
            checked(owner, _block(now, terminal.block).slide_id, outcome.is_done)
            return {"done": outcome.is_done, "hint": outcome.hint}
        if owner:
            raise WorkspaceError("only the trainer can change the deck")
        return await asyncio.to_thread(_asked, now, terminal.block, asks)

    await attend(socket, hall, begin, asked, owner)


def prepare_states(shown: DeckShown, hall: Hall, slide: int) -> None:
    """Have the states that terminals of this slide and the next begin with loaded, once one has been taken over."""
    if not hall.is_used:
        return
    blocks = [block for one in shown.deck.slides[slide : slide + 2] for block in one.blocks if not block.skip]
    try:
        settings = settings_of(shown.deck, shown.workspace)
        starts = [start_at(shown.deck, settings, block.name, None, 1) for block in blocks]
    except CastdeckError:
        return
    hall.prepare(settings, [start.key for start in starts])


def _start(shown: DeckShown, block: str, command: int) -> tuple[Settings, Start]:
    settings = settings_of(shown.deck, shown.workspace)
    return settings, start_at(shown.deck, settings, block, shown.cast(_block(shown, block)), command)


def _block(shown: DeckShown, name: str) -> Block:
    found = next((block for block in shown.deck.blocks if block.name == name), None)
    if found is None:
        raise WorkspaceError("there is no such terminal in the deck any more")
    return found


def _machine(terminal: LiveTerminal) -> LiveMachine:
    if terminal.machine is None:
        raise WorkspaceError(terminal.words["notRunning"])
    return terminal.machine


def _check(shown: DeckShown, terminal: LiveTerminal) -> "Future[Outcome]":
    """Run the checks of the slide that a terminal belongs to."""
    checks = checks_beside(shown.deck, _block(shown, terminal.block))
    if not checks:
        raise WorkspaceError("there is no check on this slide")
    timeout = settings_of(shown.deck, shown.workspace).terminal.timeout
    return _machine(terminal).ask(lambda machine: run_checks(machine, checks, timeout))


def _asked(shown: DeckShown, block: str, asked: wire.Do) -> dict[str, object]:
    """Show how the deck would be with the commands as a block of its own (`keep`), or write it so (`write`)."""
    edit = _edit(shown, _block(shown, block), _commands(asked.values))
    if asked.what == "write":
        if asked.values.get("diff") != edit.diff:
            raise DeckError("the deck has changed meanwhile: look at the difference again")
        try:
            atomic.write(edit.path.resolve(), edit.new)
        except OSError as error:
            raise DeckError(f"the deck could not be written: {error.strerror}") from error
    elif asked.what != "keep":
        raise wire.Senseless
    return {"diff": edit.diff}


def _edit(shown: DeckShown, block: Block, commands: list[str]) -> Edit:
    path = block.path or shown.deck.path
    try:
        text = read_deck_text(path, shown.workspace.root)
    except OSError as error:
        raise DeckError(f"the deck can't be read: {error.strerror}") from error
    return with_block(path, text, block, commands)


def _commands(values: dict[str, object]) -> list[str]:
    commands = values.get("commands")
    if not isinstance(commands, list) or not 0 < len(commands) <= _MOST_COMMANDS:
        raise wire.Senseless
    if not all(isinstance(one, str) and one.strip() and one.replace("\n", "").isprintable() for one in commands):
        raise DeckError("these commands can't be put into a deck: they contain unprintable characters")
    return commands
