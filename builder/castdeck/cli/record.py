"""`castdeck record`: replay blocks in a machine and keep the casts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from castdeck.cancellation import Cancellation
from castdeck.check.summed import summed
from castdeck.cli.block_lines import block_lines
from castdeck.cli.board import deck_name
from castdeck.cli.cluster import ClusterChoice, chosen_cluster, cluster_options, connected_cluster
from castdeck.cli.console import result, say, say_problem
from castdeck.cli.options import output_options, recordings_option
from castdeck.cli.recorder import recorder
from castdeck.cli.shard import shard_option
from castdeck.codes import Code
from castdeck.deck import Deck
from castdeck.deck.skip import Reason, Skip
from castdeck.errors import WorkspaceError
from castdeck.farm.shards import Shard, only_shard
from castdeck.machine.offers import states_size
from castdeck.problems import lenient
from castdeck.reading import deck_at
from castdeck.record.deck import record_decks
from castdeck.record.events import Tell
from castdeck.record.jobs import most_jobs
from castdeck.record.lock import only_recorder
from castdeck.record.order import Order, Report
from castdeck.record.plan import Plan
from castdeck.record.settings import Settings, settings_of
from castdeck.record.store import Recordings
from castdeck.workspace import (
    DeckPlace,
    cache_folder,
    deck_names,
    find_deck,
    find_workspace,
    language_in,
)


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--force", is_flag=True, help="Record all blocks again, even those that are up to date.")
@click.option("--slide", default="", metavar="ID", help="With --force: only this slide's blocks.")
@click.option(
    "--jobs", type=click.IntRange(1), metavar="N", help="Sessions at the same time (default: as many as fit)."
)
@shard_option
@cluster_options
@click.option("--dry-run", is_flag=True, help="Print what would be recorded, line by line, and why; record nothing.")
@click.option("--prune", is_flag=True, help="Remove recordings whose blocks no longer exist.")
@recordings_option
@output_options("Only errors and warnings.")
@click.pass_obj
def record(
    cancellation: Cancellation,
    decks: tuple[str, ...],
    force: bool,
    slide: str,
    jobs: int | None,
    shard: Shard | None,
    cluster: str | None,
    cluster_secrets: bool,
    dry_run: bool,
    prune: bool,
    recordings: Path | None,
    quiet: bool,
    plain: bool,
) -> int:
    """Record every block that has no valid cast. Without DECK, all decks of the workspace.

    \b
    castdeck record docker
    castdeck record path/to/any.md
    castdeck record docker --dry-run
    castdeck record docker --force --slide volumes
    castdeck record --prune
    castdeck record --shard 2/8
    castdeck record --cluster tcp://scheduler:8786
    """
    remote = chosen_cluster(cluster, cluster_secrets, jobs)
    places = chosen_decks(decks, recordings)
    if slide and not force:
        raise click.UsageError("--slide needs --force: castdeck record DECK --force --slide ID")
    wanted = [(place, read_deck(place)) for place in places]
    for place, deck in wanted:
        if slide and slide not in {known.id for known in deck.slides}:
            raise WorkspaceError(f"there is no slide {slide!r} in {place.path}")
    if dry_run:
        for place, deck in wanted:
            order = Order(deck, Recordings(place.recordings), deck_settings(place, deck), force, slide)
            result(described(place, order.plan()))
        say(states_kept(order.settings))
        return 0
    failed = record_places(
        wanted,
        cancellation,
        force=force,
        slide=slide,
        jobs=jobs,
        shard=shard,
        remote=remote,
        quiet=quiet,
        plain=plain,
    )
    if prune:
        for place, deck in wanted:
            _prune(place, deck, quiet)
    return int(failed)


def chosen_decks(named: tuple[str, ...], recordings: Path | None = None) -> list[DeckPlace]:
    """The decks that the arguments name, in all of their languages; all of the workspace's when they name none.

    Raises WorkspaceError.
    """
    workspace = find_workspace(Path.cwd())
    known = deck_names(workspace)
    names = tuple(one for name in named for one in in_languages(name, known)) or tuple(known)
    if not names:
        raise WorkspaceError("no deck here", hint="name a markdown file: castdeck build path/to/any.md")
    if recordings and len(names) > 1:
        raise WorkspaceError("--recordings takes one deck: name it")
    return list(dict.fromkeys(find_deck(name, workspace, recordings) for name in names))


def in_languages(name: str, known: Iterable[str]) -> list[str]:
    """The decks of that name among the `known` ones, one for each language; the name itself where there are none."""
    return sorted(one for one in known if language_in(one)[0] == name) or [name]


_OF_SLIDES = frozenset(
    {
        Code.DIALECT,
        Code.HEADING_BY_DASHES,
        Code.HEADING_IN_LIST,
        Code.LOST_CELLS,
        Code.STRAY_ATTRIBUTES,
        Code.STRAY_DIV,
        Code.SWALLOWED_SEPARATOR,
        Code.UNFILLED_VARIABLE,
        Code.UNKNOWN_FOOTNOTE,
        Code.UNKNOWN_LAYOUT,
        Code.UNKNOWN_PROPERTY,
        Code.UNKNOWN_SEPARATOR,
        Code.UNKNOWN_THEME,
        Code.UNSUPPORTED,
        Code.UNUSED_FOOTNOTE,
    }
)
"""What makes no difference to the blocks of a README."""


def read_deck(place: DeckPlace) -> Deck:
    """Read and parse a deck, and show what was found in it. Raises DeckError."""
    deck, _ = deck_at(place)
    ignored = place.workspace.config.ignore | (_OF_SLIDES if place.is_document else frozenset())
    for problem in summed(lenient(deck.problems, ignored)):
        say_problem(problem)
    return deck


def record_places(
    wanted: Sequence[tuple[DeckPlace, Deck]],
    cancellation: Cancellation,
    *,
    force: bool = False,
    slide: str = "",
    jobs: int | None = None,
    shard: Shard | None = None,
    remote: ClusterChoice | None = None,
    quiet: bool = False,
    plain: bool = False,
) -> bool:
    """Record decks' stale blocks, with progress, and show what came of it. True when a block failed."""
    settings = [deck_settings(place, deck) for place, deck in wanted]
    with recorder([place for place, _ in wanted], settings, quiet=quiet, plain=plain) as run:
        orders = [
            Order(deck, recordings, one, force, slide)
            for (_, deck), recordings, one in zip(wanted, run.recordings, settings, strict=True)
        ]
        if shard:
            orders = only_shard([(place.name, order) for (place, _), order in zip(wanted, orders, strict=True)], shard)
        try:
            if remote:
                reports = _recorded_on(remote, [place.name for place, _ in wanted], orders, run.tell, cancellation)
            else:
                reports = []
                for turn in _turns([place.name for place, _ in wanted], orders):
                    reports += record_decks(turn, run.ready, jobs or most_jobs(settings), run.tell, cancellation)
        except KeyboardInterrupt as interrupt:
            interrupt.add_note("all that was recorded before is kept")
            raise
    for report in reports:
        for problem in report.problems:
            if problem not in run.told:
                say_problem(problem)
        if not quiet:
            say(summary(report))
    if not quiet and any(report.recorded for report in reports):
        say(states_kept(settings[0]))
    failed = any(problem.is_error for report in reports for problem in report.problems)
    if failed:
        say(f"full log: {run.log}")
    return failed


def _turns(names: Sequence[str], orders: Sequence[Order]) -> list[list[Order]]:
    """The orders, those of a deck's second language after those of its first: they share what that has recorded."""
    turns: list[list[Order]] = []
    seen: Counter[str] = Counter()
    for name, order in zip(names, orders, strict=True):
        family = language_in(name)[0]
        if seen[family] == len(turns):
            turns.append([])
        turns[seen[family]].append(order)
        seen[family] += 1
    return turns


def _recorded_on(
    remote: ClusterChoice, names: Sequence[str], orders: Sequence[Order], tell: Tell, cancellation: Cancellation
) -> list[Report]:
    from castdeck.farm.remote import record_on_cluster

    decks = list(zip(names, orders, strict=True))
    with connected_cluster(remote) as cluster:
        return record_on_cluster(cluster, decks, tell, cancellation, with_secrets=remote.with_secrets)


def deck_settings(place: DeckPlace, deck: Deck) -> Settings:
    """What a deck is recorded with. Raises WorkspaceError."""
    return settings_of(deck, place.workspace)


def summary(report: Report) -> str:
    """One line: how many were recorded, were still true, failed, were not run, and what recording cost."""
    failed = sum(problem.is_error for problem in report.problems)
    parts = [f"{len(report.recorded)} recorded", f"{report.fresh} still true"]
    parts += [f"{failed} failed"] * bool(failed)
    parts += [f"{report.not_reached} not reached"] * bool(report.not_reached)
    parts += [_not_run(report.skipped)] * bool(report.skipped)
    seconds = sum(done.command_seconds for done in report.recorded)
    cost = sum(done.seconds for done in report.recorded)
    took = f" ({cost:.1f} s for {seconds:.1f} s of commands)" if report.recorded else ""
    return f"{deck_name(report.deck)}: {', '.join(parts)}{took}"


def _not_run(skipped: Sequence[Skip]) -> str:
    """How many blocks are not run; those that are not meant to be are told of with their reasons."""
    meant = sum(skip.reason is Reason.NORUN for skip in skipped)
    return f"{len(skipped)} not run" + f" ({meant} marked .norun)" * (0 < meant < len(skipped))


def states_kept(settings: Settings) -> str:
    """One line: what the states of machines take that recordings can start from, and what they may take."""
    taken, room = states_size(settings.cache) / 1e9, settings.checkpoint_room / 1e9
    return f"machine states kept to start from: {taken:.1f} of {room:.1f} GB in {settings.cache}"


def described(place: DeckPlace, plan: Plan) -> str:
    """The plan of a deck: each block with its place and state, the lines of those to record, what no block has."""
    lines = [
        f"{one.block.path or place.path}:{one.block.line}: {one.block.name}: {one.state}"
        + f", {one.why}" * bool(one.why)
        + "".join(f"\n{line}" for line in block_lines(one.block) if one.is_wanted)
        for one in plan.entries
    ]
    lines += [f"{place.recordings / name}: orphaned, no block is called so" for name in plan.orphans]
    wanted = [one for one in plan.blocks if one.is_wanted]
    known = sum(one.seconds or 0 for one in wanted)
    took = f", whose commands took {known:.0f} s" if known >= 1 else ""
    return "\n".join(
        [*lines, f"{place.name}: {len(wanted)} to record{took}, {len(plan.blocks) - len(wanted)} still true"]
    )


def _prune(place: DeckPlace, deck: Deck, quiet: bool) -> None:
    with only_recorder(place.recordings, cache_folder(), lambda: None) as recordings:
        gone = Order(deck, recordings, deck_settings(place, deck)).plan().orphans
        if gone:
            recordings.remove(gone)
    if not quiet:
        say(f"{place.name}: {', '.join(gone)} removed" if gone else f"{place.name}: nothing to remove")
