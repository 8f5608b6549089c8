"""The events of a session that runs elsewhere, as JSON values, and back for the display here."""

from collections.abc import Mapping
from typing import Any

from castdeck.deck.model import Block
from castdeck.record.events import BlockBegins, BlockEnds, Doing, Event, Work, WorkEnds

_MOST = 200  # characters of what a worker says that it does


def event_as_json(event: Event) -> dict[str, Any]:
    """The event as a JSON value; empty for those that stay where they happen: output, commands."""
    match event:
        case Doing():
            return {"event": "doing", "what": event.what}
        case BlockBegins():
            return {
                "event": "begins",
                "block": event.block.name,
                "number": event.number,
                "of": event.of,
                "left": event.left,
                "replayed": event.replayed,
            }
        case BlockEnds():
            return {
                "event": "ends",
                "block": event.block.name,
                "seconds": event.seconds,
                "command_seconds": event.command_seconds,
                "failed": event.failed,
            }
        case WorkEnds():
            return {"event": "over"}
        case _:
            return {}


def read_event(value: object, work: Work, blocks: Mapping[str, Block]) -> Event | None:
    """The event of a session `work` that has those blocks by their names; None for what is no event of it."""
    try:
        match value:
            case {"event": "doing", "what": str(what)} | {"step": str(what)}:
                return Doing(work, what[:_MOST])
            case {"event": "begins", "block": str(name), "number": int(number), "of": int(of), **more}:
                left = more.get("left")
                seconds = float(left) if isinstance(left, int | float) else None
                return BlockBegins(work, blocks[name], number, of, seconds, bool(more.get("replayed")))
            case {
                "event": "ends",
                "block": str(name),
                "seconds": int() | float() as seconds,
                "command_seconds": int() | float() as of_commands,
                **more,
            }:
                return BlockEnds(work, blocks[name], seconds, of_commands, bool(more.get("failed")))
            case {"event": "over"}:
                return WorkEnds(work)
    except (KeyError, OverflowError):
        pass
    return None
