"""`castdeck export`: a deck as one file."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import click

from castdeck import atomic
from castdeck.cast.model import Cast
from castdeck.cli.build import around_public, public_folder, rendered_deck
from castdeck.cli.console import progress, result, say
from castdeck.cli.dense import without_dense
from castdeck.cli.options import output_options, recordings_option, theme_option
from castdeck.cli.record import read_deck
from castdeck.errors import WorkspaceError
from castdeck.export.archive import write_archive
from castdeck.export.pdf import print_pdf
from castdeck.export.single_file import single_file
from castdeck.leftovers import temporary_folder
from castdeck.render import Rendered, Theme, site_files, write_site
from castdeck.render.handout import HANDOUT
from castdeck.workspace import find_deck, find_workspace

Built = tuple[Rendered, dict[str, Cast], Theme]
UNITS = ("bytes", "kB", "MB", "GB")


def _page(built: Built) -> bytes:
    return single_file(site_files(*built)).encode()


def _handout(built: Built) -> bytes:
    return single_file(site_files(*built), HANDOUT).encode()


def _pdf(built: Built) -> bytes:
    return _printed(built, fragments=False)


def _pdf_of_steps(built: Built) -> bytes:
    return _printed(built, fragments=True)


def _printed(built: Built, *, fragments: bool) -> bytes:
    with temporary_folder("castdeck-pdf-") as folder:
        return print_pdf(write_site(*built, folder / "deck"), fragments=fragments)


def _archive(built: Built) -> bytes:
    out = BytesIO()
    write_archive(site_files(*built), out)
    return out.getvalue()


SHAPES: dict[str, tuple[str, Callable[[Built], bytes]]] = {
    "single_file": (".html", _page),
    "pdf": (".pdf", _pdf),
    "zip": (".zip", _archive),
    "handout": ("-handout.html", _handout),
}


@click.command(short_help="Write DECK as one file, from existing recordings.")
@click.argument("deck")
@click.option("--single-file", is_flag=True, help="One HTML file with everything inside, to open offline or to mail.")
@click.option("--pdf", is_flag=True, help="One page for each slide; terminals show their last screen. Needs Chromium.")
@click.option("--fragments", is_flag=True, help="With --pdf: a page for each step and for each command.")
@click.option("--zip", is_flag=True, help="The built folder, for a static host or a learning platform.")
@click.option("--handout", is_flag=True, help="A page to read and print, with each session as text.")
@click.option("--notes", is_flag=True, help="With --handout or --zip: add the speaker notes to the handout.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write here instead of public/."
)
@recordings_option
@theme_option
@click.option("--split-dense", is_flag=True, help="Continue a slide that is too full on the next one. Needs Chromium.")
@output_options("Only errors, warnings and the results.")
def export(
    deck: str,
    notes: bool,
    fragments: bool,
    out: Path | None,
    recordings: Path | None,
    theme: str,
    split_dense: bool,
    quiet: bool,
    plain: bool,
    **shapes: bool,
) -> None:
    """Write DECK as one file, from existing recordings (`castdeck record` makes them).

    \b
    castdeck export docker --single-file
    castdeck export docker --pdf --zip
    castdeck export docker --pdf --fragments
    castdeck export docker --handout --notes --out for-the-class.html
    """
    wanted = [name for name in SHAPES if shapes[name]]
    flags = ", ".join(f"--{name.replace('_', '-')}" for name in SHAPES)
    if not wanted:
        raise click.UsageError(f"choose what to write: {flags}")
    if fragments and "pdf" not in wanted:
        raise click.UsageError("--fragments needs --pdf")
    if out and len(wanted) > 1:
        raise click.UsageError(f"--out takes one of {flags}")
    place = find_deck(deck, find_workspace(Path.cwd()), recordings)
    whole = without_dense(place, read_deck(place), theme, wanted=split_dense, quiet=quiet)
    built = rendered_deck(place, whole, theme, handout_notes=notes)
    steps = rendered_deck(place, whole, theme, told=False, each_screen=True) if fragments else built
    for name in wanted:
        suffix, shape = SHAPES[name]
        target = out or public_folder(place).with_name(place.name + suffix)
        with progress(quiet, plain=plain) as step:
            step(f"writing {target.name}")
            data = _pdf_of_steps(steps) if fragments and name == "pdf" else shape(built)
        _keep(target, data, None if out else around_public(place))
        result(str(target))
        if not quiet:
            say(f"  {target.name}: {size(len(data))}")


def size(count: int) -> str:
    """A number of bytes for people: in the largest unit that it holds one of."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {UNITS[unit]}" if unit == 0 or value >= 100 else f"{value:.1f} {UNITS[unit]}"


def _keep(path: Path, data: bytes, inside: Path | None) -> None:
    try:
        atomic.write(path, data, inside=inside)
    except OSError as error:
        raise WorkspaceError(
            f"{path} can't be written: {error.strerror}", hint="choose another file with --out"
        ) from error
