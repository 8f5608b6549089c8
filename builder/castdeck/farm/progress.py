"""The events of a session that runs elsewhere, as JSON values, and back for the display here."""

from collections.abc import Mapping

from castdeck.codes import Code
from castdeck.deck.model import Block
from castdeck.problems import Place, Problem
from castdeck.record.events import BlockBegins, BlockDrifts, BlockEnds, Doing, Event, Work, WorkEnds

_MOST = 200  # characters of what a worker says that it does
_CODES = {str(code): code for code in Code}
_MOST_TOLD = 4000  # characters of what it says went wrong


def event_as_json(event: Event) -> dict[str, object]:
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
                "problem": event.problem and _problem_as_json(event.problem),
            }
        case BlockDrifts():
            return {"event": "drifts", "block": event.block.name, "problem": _problem_as_json(event.problem)}
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
                problem = _read_problem(more.get("problem"), work, blocks[name])
                return BlockEnds(work, blocks[name], seconds, of_commands, bool(more.get("failed")), problem)
            case {"event": "drifts", "block": str(name), "problem": told}:
                drifted = _read_problem(told, work, blocks[name])
                return BlockDrifts(work, blocks[name], drifted) if drifted else None
            case {"event": "over"}:
                return WorkEnds(work)
    except (KeyError, OverflowError):
        pass
    return None


def _problem_as_json(problem: Problem) -> dict[str, object]:
    return {"code": problem.code, "line": problem.line, "message": problem.message, "hint": problem.hint}


def _read_problem(value: object, work: Work, block: Block) -> Problem | None:
    """The problem of a block; None for what is none. Raises KeyError for a code that there is not."""
    match value:
        case {"code": str(code), "line": int(line), "message": str(message), "hint": str(hint)}:
            place = Place(block.path or work.deck, line)
            return Problem(_CODES[code], place, message[:_MOST_TOLD], hint[:_MOST_TOLD])
    return None
