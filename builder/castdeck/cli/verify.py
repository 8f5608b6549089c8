"""`castdeck verify`: replay decks on fresh machines, and tell where they are no longer what was recorded."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import click

from castdeck.cancellation import Cancellation
from castdeck.cli.age import Age
from castdeck.cli.cluster import ClusterChoice, chosen_cluster, cluster_options, connected_cluster
from castdeck.cli.console import result, say
from castdeck.cli.documents import chosen_documents, on_machine
from castdeck.cli.options import output_options, recordings_option
from castdeck.cli.record import deck_settings, read_deck
from castdeck.cli.recorder import RunContext, recorder
from castdeck.cli.report_files import SUFFIXES, write_reports
from castdeck.cli.reports import NOT_RUN, REPORTS, exit_status
from castdeck.cli.rewrite import rewrite
from castdeck.cli.shard import shard_option
from castdeck.errors import CastdeckError
from castdeck.farm.shards import Shard, only_shard
from castdeck.record.expected import with_printed
from castdeck.record.jobs import most_jobs
from castdeck.record.normalise import Rule, own_rules
from castdeck.record.order import Order
from castdeck.record.verdict import SessionVerdict, session_verdicts
from castdeck.record.verified import History, Verification, keep_verdicts, not_verified_since
from castdeck.record.verify import verify_decks
from castdeck.workspace import DeckPlace, cache_folder, find_workspace, read_deck_text


@contextmanager
def _errors_are_no_drift() -> Iterator[None]:
    """What can't be verified has another exit status than what has drifted."""
    try:
        yield
    except CastdeckError as error:
        error.exit_code = NOT_RUN
        raise


@click.command(short_help="Replay all blocks and compare with the recordings.")
@click.argument("decks", nargs=-1, metavar="[DECK|FILE|FOLDER]...")
@click.option("--format", "form", type=click.Choice(sorted(REPORTS)), default="text", help="Output format.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also write a report: .html, .json or .xml (JUnit). May be given more than once.",
)
@click.option("--machine", default="", metavar="NAME", help="Run on this machine, whatever the decks say.")
@click.option("--fix", is_flag=True, help="Update the expected output in console blocks.")
@click.option(
    "--since", type=Age(), metavar="AGE", help="Skip sessions that were verified without drift within AGE (12h, 7d)."
)
@shard_option
@cluster_options
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Sessions at the same time (default: as many as fit)."
)
@recordings_option
@output_options("Only the report.")
@click.pass_obj
@_errors_are_no_drift()
def verify(
    cancellation: Cancellation,
    decks: tuple[str, ...],
    form: str,
    reports: tuple[Path, ...],
    machine: str,
    fix: bool,
    since: float | None,
    shard: Shard | None,
    cluster: str | None,
    cluster_secrets: bool,
    jobs: int | None,
    recordings: Path | None,
    quiet: bool,
    plain: bool,
) -> int:
    """Replay every block on fresh machines and compare with the recordings.

    Works on any markdown: the blocks of a file run in order in one session. Nothing is recorded.

    Each exit status and output is compared with the recording, if there is one, and with the output that the block
    itself shows. Ids, dates, durations, sizes and addresses may differ; [[verify.rules]] in castdeck.toml adds more
    such differences. The output of a block with .varies is not compared.

    The exit status is 0 if all is as recorded, 1 if anything has drifted, 2 if a session could not be run.

    \b
    castdeck verify
    castdeck verify docker --format github
    castdeck verify README.md docs/ --machine debian --fix
    castdeck verify --since 7d --report report.html
    castdeck verify --shard 2/8 --report verdicts-2.json
    castdeck verify --cluster tcp://scheduler:8786
    """
    for path in reports:
        if path.suffix not in SUFFIXES:
            raise click.UsageError(f"--report {path}: the name of a report ends with {', '.join(SUFFIXES)}")
    remote = chosen_cluster(cluster, cluster_secrets, jobs)
    wanted = [(place, on_machine(read_deck(place), machine)) for place in chosen_documents(decks, recordings)]
    places = [place for place, _ in wanted]
    settings = [deck_settings(place, deck) for place, deck in wanted]
    rules = [own_rules(place.workspace.config.verify) for place in places]
    histories = [History(cache_folder(), place.recordings) for place in places]
    with recorder(places, settings, quiet=quiet, plain=plain, done="replayed") as run:
        orders = [
            Order(deck, recordings, one).planned()
            for (_, deck), recordings, one in zip(wanted, run.recordings, settings, strict=True)
        ]
        if shard:
            orders = only_shard([(place.name, order) for place, order in zip(places, orders, strict=True)], shard)
        if since is not None:
            due = [not_verified_since(*one, time.time() - since) for one in zip(orders, histories, strict=True)]
            if skipped := _sessions(orders) - _sessions(due):
                say(f"{skipped} session{'s' * (skipped > 1)} verified without drift in that time: not run again")
            orders = due
        if remote:
            by_deck = _verified_on(remote, places, orders, rules, run, cancellation)
        else:
            verified = verify_decks(orders, rules, run.ready, jobs or most_jobs(settings), run.tell, cancellation)
            by_deck = [
                session_verdicts(place.name, place.path, found) for place, found in zip(places, verified, strict=True)
            ]
    for order, history, verdicts in zip(orders, histories, by_deck, strict=True):
        keep_verdicts(order, history, verdicts, time.time())
    verdicts = [verdict for found in by_deck for verdict in found]
    if not any(order.plan().sessions for order in orders):
        say("no blocks to run; `castdeck check --blocks` says what is not run, and why")
    if report := REPORTS[form](verdicts):
        result(report, has_commands=form == "github")
    write_reports(reports, verdicts, _trends(places, histories, verdicts))
    if fix:
        _fix(verdicts)
    status = exit_status(verdicts)
    if status:
        say(f"full log: {run.log}")
    return status


def _sessions(orders: Sequence[Order]) -> int:
    return sum(len(order.sessions_to_run(order.plan())) for order in orders)


def _verified_on(
    remote: ClusterChoice,
    places: Sequence[DeckPlace],
    orders: Sequence[Order],
    rules: Sequence[Sequence[Rule]],
    run: RunContext,
    cancellation: Cancellation,
) -> list[list[SessionVerdict]]:
    from castdeck.farm.remote import verify_on_cluster

    decks = [(place.name, order) for place, order in zip(places, orders, strict=True)]
    with connected_cluster(remote) as cluster:
        return verify_on_cluster(cluster, decks, rules, run.tell, cancellation, with_secrets=remote.with_secrets)


def _trends(
    places: Sequence[DeckPlace], histories: Sequence[History], verdicts: Sequence[SessionVerdict]
) -> dict[str, tuple[Verification, ...]]:
    of_deck = {place.name: history for place, history in zip(places, histories, strict=True)}
    return {verdict.id: of_deck[verdict.deck].of(verdict.session) for verdict in verdicts}


def _fix(verdicts: Sequence[SessionVerdict]) -> None:
    """Put what is printed now into the decks' transcripts."""
    blocks = sorted((block for one in verdicts for block in one.blocks), key=lambda block: str(block.file))
    for path, found in groupby(blocks, key=lambda block: block.file):
        old = read_deck_text(path, find_workspace(path.parent).root)
        expected = [drift.expected for block in found for drift in block.drifts if drift.expected]
        rewrite(path, old, with_printed(old, expected))
