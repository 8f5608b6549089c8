"""`castdeck verify`: replay decks on fresh machines, and tell where they are no longer what was recorded."""

from pathlib import Path

import click

from castdeck.cancellation import Cancellation
from castdeck.cli.console import result, say
from castdeck.cli.record import chosen_decks, deck_settings, read_deck
from castdeck.cli.recorder import recorder
from castdeck.cli.reports import REPORTS
from castdeck.record.jobs import most_jobs
from castdeck.record.normalise import own_rules
from castdeck.record.order import Order
from castdeck.record.verify import verify_decks
from castdeck.workspace import find_workspace


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--format", "form", type=click.Choice(sorted(REPORTS)), default="text", help="How drift is told.")
@click.option("--jobs", type=click.IntRange(1), metavar="N", help="Sessions at a time; what fits, when not given.")
@click.option("--recordings", type=click.Path(path_type=Path), metavar="DIR", help="Where the casts are kept.")
@click.option("--quiet", is_flag=True, help="Only the report.")
@click.pass_obj
def verify(
    cancellation: Cancellation,
    decks: tuple[str, ...],
    form: str,
    jobs: int | None,
    recordings: Path | None,
    quiet: bool,
) -> int:
    """Replay every block on fresh machines and compare with the recordings; the exit status is 1 where they differ.

    Exit statuses and output are compared, and what console blocks say that a command prints. Ids, dates, durations,
    sizes and addresses may differ; [[verify.rules]] in castdeck.toml adds to them, and the output of a block marked
    .varies is not compared. Nothing is recorded.

    \b
    castdeck verify
    castdeck verify docker --format github
    castdeck verify --format junit > report.xml
    """
    wanted = [(place, read_deck(place)) for place in chosen_decks(decks, recordings)]
    settings = [deck_settings(place, deck) for place, deck in wanted]
    rules = [own_rules(find_workspace(place.path.parent).settings) for place, _ in wanted]
    with recorder([place for place, _ in wanted], settings, quiet, done="replayed") as run:
        orders = [
            Order(deck, recordings, one)
            for (_, deck), recordings, one in zip(wanted, run.recordings, settings, strict=True)
        ]
        verified = verify_decks(orders, rules, run.ready, jobs or most_jobs(settings), run.tell, cancellation)
    result(REPORTS[form]([(place, found) for (place, _), found in zip(wanted, verified, strict=True)]))
    drifted = any(block.drifts for found in verified for block in found)
    if drifted:
        say(f"everything that happened: {run.log}")
    return int(drifted)
