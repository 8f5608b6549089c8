"""`castdeck merge`: join the results of shards."""

from pathlib import Path

import click

from castdeck.cli.console import result, say
from castdeck.cli.documents import chosen_documents
from castdeck.cli.record import deck_settings, read_deck
from castdeck.cli.reports import REPORTS, exit_status
from castdeck.cli.words import count
from castdeck.errors import WorkspaceError
from castdeck.farm.limits import MOST_BYTES
from castdeck.farm.merge import MergeError, merged_verdicts, take_recordings
from castdeck.farm.sessions import planned_sessions
from castdeck.record.lock import only_recorder
from castdeck.record.order import Order
from castdeck.record.store import Recordings
from castdeck.record.verdict import SessionVerdict, VerdictError, read_verdicts
from castdeck.workspace import DeckPlace, cache_folder


@click.command(short_help="Merge the results of shards from other computers.")
@click.argument("results", nargs=-1, required=True, metavar="RESULT...", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--deck", "decks", multiple=True, metavar="DECK|FILE|FOLDER", help="What was verified; may be given more than once."
)
@click.option("--format", "form", type=click.Choice(sorted(REPORTS)), default="text", help="Output format.")
def merge(results: tuple[Path, ...], decks: tuple[str, ...], form: str) -> int:
    """Merge the results of `castdeck verify --shard` or `castdeck record --shard` from other computers.

    A RESULT is either a file that `verify --shard K/N --format json` printed, or a folder of recordings that
    `record --shard K/N` filled. The exit status is 1 if anything has drifted or a recording is missing, 2 if a session
    has no verdict.

    \b
    castdeck merge shard-*.json --format junit > report.xml
    castdeck merge shard-1/recordings shard-2/recordings
    """
    files, folders = [path for path in results if path.is_file()], [path for path in results if path.is_dir()]
    if files and folders:
        raise click.UsageError("give either files of verdicts or folders of recordings")
    places = chosen_documents(decks)
    return _merge_verdicts(files, places, form) if files else _merge_recordings(folders, places)


def _merge_verdicts(files: list[Path], places: list[DeckPlace], form: str) -> int:
    orders = [(place.name, _order(place)) for place in places]
    try:
        verdicts = merged_verdicts([_read(path) for path in files], planned_sessions(orders))
    except MergeError as error:
        raise WorkspaceError(str(error)) from error
    result(REPORTS[form](verdicts), has_commands=form == "github")
    return exit_status(verdicts)


def _read(path: Path) -> list[SessionVerdict]:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise VerdictError(f"larger than {MOST_BYTES >> 20} MiB")
        return read_verdicts(data.decode())
    except (VerdictError, UnicodeDecodeError) as error:
        raise WorkspaceError(str(error), path=path) from error


def _merge_recordings(folders: list[Path], places: list[DeckPlace]) -> int:
    is_whole = True
    for place in places:
        others = [Recordings(folder / place.name) for folder in folders if (folder / place.name).is_dir()]
        with only_recorder(place.recordings, cache_folder(), lambda: None) as recordings:
            sessions = planned_sessions([(place.name, _order(place, recordings))])
            taken = [take_recordings(session, recordings, others) for session in sessions]
        missing = [name for one in taken for name in one.missing]
        is_whole &= not missing
        number = sum(len(one.taken) for one in taken)
        names = f": {', '.join(missing)}" if missing else ""
        say(f"{place.name}: {count(number, 'recording')} taken, {len(missing)} missing{names}")
    return int(not is_whole)


def _order(place: DeckPlace, recordings: Recordings | None = None) -> Order:
    deck = read_deck(place)
    return Order(deck, recordings or Recordings(place.recordings), deck_settings(place, deck))
