"""`castdeck record`: replay blocks in a machine and keep the casts."""

from pathlib import Path

import click

from castdeck.cli.console import progress, say, say_problem
from castdeck.deck import Deck, parse_deck
from castdeck.errors import DeckError, WorkspaceError
from castdeck.machine.definition import DEFAULT_MACHINE, find_definition
from castdeck.machine.golden import ready_machine
from castdeck.record.deck import Order, Report, record_deck
from castdeck.record.session import Terminal
from castdeck.record.store import Recordings
from castdeck.workspace import (
    DEFAULT_COLS,
    DEFAULT_ROWS,
    DEFAULT_TIMEOUT,
    DeckPlace,
    cache_folder,
    deck_names,
    find_deck,
    find_workspace,
)


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--force", is_flag=True, help="Record again what is still true.")
@click.option("--slide", default="", metavar="ID", help="With --force: only this slide's blocks.")
@click.option("--recordings", type=click.Path(path_type=Path), metavar="DIR", help="Where the casts are kept.")
@click.option("--quiet", is_flag=True, help="Only errors and warnings.")
def record(decks: tuple[str, ...], force: bool, slide: str, recordings: Path | None, quiet: bool) -> int:
    """Record every block that has no valid cast. Without DECK, all decks of the workspace.

    \b
    castdeck record docker
    castdeck record path/to/any.md
    castdeck record docker --force --slide volumes
    """
    failed = False
    for place in chosen_decks(decks, recordings):
        failed |= record_place(place, read_deck(place), force, slide, quiet)
    return int(failed)


def chosen_decks(named: tuple[str, ...], recordings: Path | None = None) -> list[DeckPlace]:
    """The decks that the arguments name; all of the workspace's when they name none. Raises WorkspaceError."""
    workspace = find_workspace(Path.cwd())
    names = named or tuple(deck_names(workspace))
    if not names:
        raise WorkspaceError("no deck here", hint="name a markdown file: castdeck build path/to/any.md")
    return [find_deck(name, workspace, recordings) for name in names]


def read_deck(place: DeckPlace) -> Deck:
    """Read and parse a deck, and show what was found in it. Raises DeckError."""
    try:
        text = place.path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DeckError("not UTF-8 text", path=place.path, hint="save the file as UTF-8") from error
    deck = parse_deck(text, place.path)
    for problem in deck.problems:
        say_problem(problem)
    return deck


def record_place(place: DeckPlace, deck: Deck, force: bool = False, slide: str = "", quiet: bool = False) -> bool:
    """Record a deck's stale blocks, with progress, and show what came of it. True when a block failed."""
    workspace = find_workspace(place.path.parent)
    name = str(deck.settings.get("machine") or workspace.settings.get("default_machine") or DEFAULT_MACHINE)
    if slide and slide not in {known.id for known in deck.slides}:
        raise WorkspaceError(f"there is no slide {slide!r} in {place.path}")
    definition = find_definition(name, workspace.machines)
    with progress(quiet) as step:
        order = Order(
            definition=definition,
            golden=lambda: ready_machine(definition, cache_folder(), step),
            cache=cache_folder(),
            terminal=_terminal(workspace.settings),
            force=force,
            only_slide=slide,
        )
        recordings = Recordings(place.recordings)
        report = record_deck(deck, recordings, order, lambda block, doing: step(f"{doing} {block.name}"))
    for problem in report.problems:
        say_problem(problem)
    if not quiet:
        say(summary(place, report))
    return any(problem.is_error for problem in report.problems)


def summary(place: DeckPlace, report: Report) -> str:
    """One line: how many were recorded, were still true, failed, were not run, and what recording cost."""
    failed = sum(problem.is_error for problem in report.problems)
    parts = [f"{len(report.recorded)} recorded", f"{report.fresh} still true"]
    parts += [f"{failed} failed"] * bool(failed)
    parts += [f"{len(report.problems) - failed} not run"] * (len(report.problems) > failed)
    seconds = sum(done.command_seconds for done in report.recorded)
    cost = sum(done.seconds for done in report.recorded)
    took = f" ({cost:.1f} s for {seconds:.1f} s of commands, {cost / seconds:.2f}x)" if seconds else ""
    return f"{place.name}: {', '.join(parts)}{took}"


def _terminal(settings: object) -> Terminal:
    table = settings.get("terminal", {}) if isinstance(settings, dict) else {}
    timeout = settings.get("timeout", DEFAULT_TIMEOUT) if isinstance(settings, dict) else DEFAULT_TIMEOUT
    try:
        return Terminal(int(table.get("cols", DEFAULT_COLS)), int(table.get("rows", DEFAULT_ROWS)), float(timeout))
    except (TypeError, ValueError, AttributeError) as error:
        raise WorkspaceError(
            "castdeck.toml: [terminal] takes cols and rows, timeout takes seconds, all numbers"
        ) from error
