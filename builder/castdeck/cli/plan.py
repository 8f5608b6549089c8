"""`castdeck plan`: what would run, as lines or as data."""

import json
from pathlib import Path

import click

from castdeck.cli.console import result
from castdeck.cli.documents import chosen_documents
from castdeck.cli.options import recordings_option
from castdeck.cli.record import deck_settings, read_deck
from castdeck.cli.shard import shard_option
from castdeck.cli.words import count
from castdeck.farm.sessions import PlannedSession, as_json, planned_sessions
from castdeck.farm.shards import Shard, divided
from castdeck.record.order import Order
from castdeck.record.store import Recordings


@click.command(short_help="Print the sessions of decks, and which recordings are valid.")
@click.argument("decks", nargs=-1, metavar="[DECK|FILE|FOLDER]...")
@click.option("--json", "in_json", is_flag=True, help="Print a JSON document: docs/scale.md describes it.")
@shard_option
@recordings_option
def plan(decks: tuple[str, ...], in_json: bool, shard: Shard | None, recordings: Path | None) -> None:
    """Print the sessions of decks: what each needs, how long it takes, which recordings are valid. Runs nothing.

    \b
    castdeck plan
    castdeck plan docker --json
    castdeck plan --json --shard 2/8
    """
    places = chosen_documents(decks, recordings)
    read = [(place, read_deck(place)) for place in places]
    sessions = planned_sessions(
        (place.name, Order(deck, Recordings(place.recordings), deck_settings(place, deck))) for place, deck in read
    )
    if shard:
        sessions = divided(sessions, shard.of)[shard.number - 1]
    result(json.dumps(as_json(sessions), indent=1, ensure_ascii=False) if in_json else _lines(sessions))


def _lines(sessions: list[PlannedSession]) -> str:
    lines = []
    for session in sessions:
        wanted = sum(block.is_wanted for block in session.blocks)
        state = f"{wanted} to record" if wanted else "all recorded"
        lines.append(
            f"{session.id}: {count(len(session.blocks), 'block')}, {state}, about {session.seconds:.0f} s"
            f" on {session.machine} ({session.memory} MiB)"
        )
    return "\n".join(lines) or "no blocks to run"
