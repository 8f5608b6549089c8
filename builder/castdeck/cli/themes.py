"""`castdeck themes`: a deck in all themes, on one page."""

from pathlib import Path

import click

from castdeck import atomic
from castdeck.cli.build import around_public, public_folder, rendered_deck
from castdeck.cli.console import progress, result
from castdeck.cli.options import output_options, recordings_option
from castdeck.cli.record import read_deck
from castdeck.errors import WorkspaceError
from castdeck.render import known_themes, write_site
from castdeck.render.theme_sheet import theme_sheet
from castdeck.workspace import find_deck, find_workspace


@click.command(short_help="Write a page that shows DECK in every theme.")
@click.argument("deck")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Write here instead of public/."
)
@recordings_option
@output_options("Only errors, warnings and the result.")
def themes(deck: str, out: Path | None, recordings: Path | None, quiet: bool, plain: bool) -> None:
    """Write a page that shows DECK in every theme, also the workspace's own; the arrow keys move all of them.

    \b
    castdeck themes docker
    castdeck themes path/to/any.md --out /tmp/themes
    """
    place = find_deck(deck, find_workspace(Path.cwd()), recordings)
    read = read_deck(place)
    folder = out or public_folder(place).with_name(f"{place.name}-themes")
    if not out and folder.is_symlink():
        raise WorkspaceError(f"{folder} is a link", path=folder, hint="remove it, or --out DIR says where to write")
    inside = None if out else around_public(place)
    names = sorted(known_themes(place.workspace.theme_folders))
    with progress(quiet, plain=plain) as step:
        for name in names:
            step(name)
            write_site(*rendered_deck(place, read, name, told=name == names[0]), folder / name, inside)
    page = theme_sheet(read.title, str(read.settings.get("lang", "en")), names)
    result(str(atomic.write(folder / "index.html", page, inside=inside)))
