"""Decks and recordings for tests, made without a machine."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from castdeck.cast.marks import RecordedCommand, RecordedSession
from castdeck.cast.model import Event
from castdeck.cast.recording import recording
from castdeck.deck import parse_deck
from castdeck.deck.model import Block, Deck
from castdeck.machine.kinds import find_definition
from castdeck.record.order import Order
from castdeck.record.settings import Settings, TerminalSettings
from castdeck.record.store import Entry, Recordings, Seen

MACHINE = "docker-0123"


def a_deck(text: str) -> Deck:
    return parse_deck(text, Path("deck.md"))


def a_block(code: str, info: str = "bash") -> Block:
    (block,) = a_deck(f"# A {{#a}}\n\n```{info}\n{code}\n```\n").blocks
    return block


def some_settings(cache: Path, secrets: Mapping[str, str] | None = None, missing: tuple[str, ...] = ()) -> Settings:
    return Settings(
        find_definition("docker", {}), MACHINE, TerminalSettings(80, 24, 60), cache, secrets or {}, missing, 0
    )


def ran(block: Block, output: str = "ok\r\n", status: int = 0) -> RecordedSession:
    """What a shell would have shown for the block: each line its own command, all with the same output."""
    shown = (Event(0.1, "o", output),) if output else ()
    return RecordedSession(
        tuple(
            RecordedCommand("$ ", (f"{line.text}\r\n",), shown, 0.5, status)
            for line in block.lines
            if line.text.strip()
        ),
        "$ ",
    )


def record_all(order: Order) -> None:
    """Keep a recording for every block of an order, as if all of them had run well."""
    for planned in order.plan().blocks:
        session = ran(planned.block)
        seen = tuple(Seen(command.typed[0].strip(), command.status, command.seconds) for command in session.commands)
        cast = None if planned.block.hidden else recording(session, 80, 24)
        entry = Entry(planned.key, planned.own, order.settings.machine, {}, seen)
        order.recordings.keep(planned.block.name, entry, cast)


def an_order(text: str, folder: Path, **changes: object) -> Order:
    """An order for a deck of that text, whose recordings are in `folder`; `changes` are of its settings."""
    settings = replace(some_settings(folder.parent), **changes)  # type: ignore[arg-type]
    return Order(a_deck(text), Recordings(folder), settings)
