"""`castdeck build`: record what is stale, then write the deck's folder."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from castdeck.cancellation import Cancellation
from castdeck.cast.model import Cast
from castdeck.check.recordings import damage_problems
from castdeck.check.summed import summed
from castdeck.cli.console import result, say_problem
from castdeck.cli.options import output_options, recordings_option, theme_option
from castdeck.cli.record import chosen_decks, read_deck, record_places
from castdeck.deck import Deck
from castdeck.errors import CastdeckError, WorkspaceError
from castdeck.faults import fault
from castdeck.gate import is_inside
from castdeck.problems import lenient
from castdeck.record.proof import proofs
from castdeck.record.shown import pace_of, shown_casts
from castdeck.record.store import Recordings
from castdeck.render import Rendered, Theme, deck_theme, render_deck, theme_problems, write_index, write_site
from castdeck.render.sanitize import sanitized, sanitized_theme
from castdeck.render.vendor import content_security_policy
from castdeck.render.versions import Version, versions_of
from castdeck.trust import is_trusted, trusted_folder
from castdeck.workspace import DeckPlace, cache_folder

_T = TypeVar("_T")


@click.command()
@click.argument("decks", nargs=-1, metavar="[DECK]...")
@click.option("--no-record", is_flag=True, help="Build from existing recordings; start no machine.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write here instead of public/<deck>/.",
)
@recordings_option
@theme_option
@click.option(
    "--sanitize", is_flag=True, help="Leave out scripts, event handlers, frames and content from other hosts."
)
@click.option("--split-dense", is_flag=True, help="Continue a slide that is too full on the next one. Needs Chromium.")
@output_options("Only errors, warnings and the result.")
@click.pass_obj
def build(
    cancellation: Cancellation,
    decks: tuple[str, ...],
    no_record: bool,
    out: Path | None,
    recordings: Path | None,
    theme: str,
    sanitize: bool,
    split_dense: bool,
    quiet: bool,
    plain: bool,
) -> int:
    """Record what has changed and write public/<deck>/index.html. Without DECK, all decks of the workspace.

    A block that fails does not stop the build: the deck is written with the good casts, and the exit status is 1.

    \b
    castdeck build docker
    castdeck build path/to/any.md --out /tmp/deck
    castdeck build docker --no-record
    castdeck build docker --sanitize
    castdeck build docker --split-dense
    """
    from castdeck.cli.dense import without_dense

    places = chosen_decks(decks, recordings)
    if out and len(places) > 1:
        raise click.UsageError("--out takes one deck: name it")

    def write(place: DeckPlace, whole: Deck) -> Path:
        deck = without_dense(place, whole, theme, wanted=split_dense, quiet=quiet)
        versions = () if out else versions_of(place, deck, lambda name: f"../{name}/index.html")
        built = rendered_deck(place, deck, theme, sanitize=sanitize, versions=versions)
        return write_site(*built, out or public_folder(place), None if out else around_public(place))

    attempt = partial(_or_its_error, is_alone=len(places) == 1)
    attempted = [(place, attempt(partial(read_deck, place))) for place in places]
    read = [(place, deck) for place, deck in attempted if deck]
    failed = len(read) < len(places)
    failed |= not no_record and _recorded_with_errors(read, cancellation, quiet=quiet, plain=plain)
    failed |= any(problem.is_error for _, deck in read for problem in lenient(deck.problems))
    for place, deck in read:
        page = attempt(partial(write, place, deck))
        failed |= page is None
        if page:
            result(str(page))
    roots = {place.workspace.root for place in places}
    for root in roots if out is None else ():
        if root:
            write_index(root / "public")
    return int(failed)


def _or_its_error(work: Callable[[], _T], *, is_alone: bool) -> _T | None:
    """What is done for one deck; None if it failed, after its error was told: the others are built all the same.

    Raises the error of a deck that is alone.
    """
    try:
        return work()
    except (CastdeckError, OSError) as error:
        if is_alone:
            raise
        for problem in error.problems if isinstance(error, CastdeckError) else (fault(error),):
            say_problem(problem)
        return None


def _recorded_with_errors(
    read: list[tuple[DeckPlace, Deck]], cancellation: Cancellation, *, quiet: bool, plain: bool
) -> bool:
    """Record; where there can be no machine, say so and go on with the casts that are there."""
    try:
        return record_places(read, cancellation, quiet=quiet, plain=plain)
    except CastdeckError as error:
        if error.exit_code != 1:
            raise
        say_problem(error.problem)
        return True


def public_folder(place: DeckPlace) -> Path:
    """Where a deck is built to: public/<deck> of its workspace, or beside it."""
    root = place.workspace.root or place.path.parent
    if not is_inside(root / "public", root):
        raise WorkspaceError(f"{root / 'public'} leads out of the workspace", hint="choose a folder with --out DIR")
    return root / "public" / place.name


def around_public(place: DeckPlace) -> Path:
    """The folder that `public` has to be in."""
    return (place.workspace.root or place.path.parent).resolve()


def rendered_deck(
    place: DeckPlace,
    deck: Deck,
    theme_name: str,
    *,
    handout_notes: bool = False,
    sanitize: bool = False,
    policy: str = "",
    live: str = "",
    told: bool = True,
    versions: Sequence[Version] = (),
    each_screen: bool = False,
) -> tuple[Rendered, dict[str, Cast], Theme]:
    """A deck's page, its casts and its theme, from the recordings that are there; what is wrong is `told`.

    `policy` and `live` are those of a page that is served, `versions` its languages, `each_screen` is for
    paper: see render_deck.
    """
    workspace = place.workspace
    theme = deck_theme(deck.settings, workspace, theme_name)
    recordings = Recordings(place.recordings)
    casts = shown_casts(deck, recordings, pace_of(deck, workspace, theme.pace), workspace.config.terminal)
    scripts = not sanitize and is_trusted(trusted_folder(place.path, workspace))
    if sanitize:
        deck, theme, policy = sanitized(deck), sanitized_theme(theme), content_security_policy(others=False)
    rendered = render_deck(
        deck,
        casts,
        theme,
        root=workspace.root,
        handout_notes=handout_notes,
        policy=policy,
        live=live,
        scripts=scripts,
        proofs=proofs(deck, recordings, cache_folder()),
        versions=versions,
        each_screen=each_screen,
    )
    damaged = damage_problems([block for block in deck.blocks if block.name not in casts], place.recordings)
    found = (*theme_problems(theme, place.path, workspace.theme_folders), *damaged, *rendered.problems)
    for problem in summed(lenient(found, workspace.config.ignore)) if told else ():
        say_problem(problem)
    return rendered, casts, theme
