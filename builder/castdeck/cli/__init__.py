"""The command line: the only layer that prints or exits."""

import sys
from collections.abc import Sequence

import click

from castdeck import __version__
from castdeck.cli.build import build
from castdeck.cli.check import check
from castdeck.cli.console import say_problem
from castdeck.cli.export import export
from castdeck.cli.machine import machine
from castdeck.cli.new import new
from castdeck.cli.record import record
from castdeck.cli.serve import serve
from castdeck.cli.verify import verify
from castdeck.errors import CastdeckError

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="castdeck")
def castdeck() -> None:
    """Markdown slides whose terminal sessions are replayed in a throw-away virtual machine and recorded for you.

    \b
    castdeck new course          a folder with a deck that shows everything once
    castdeck build docker        record what has changed, then build public/docker/index.html
    castdeck record docker       only the recordings
    castdeck serve docker        see what you write, as you save it
    castdeck check               everything that is wrong with the decks
    castdeck verify docker       replay it and tell where it differs from the recordings
    castdeck export docker --pdf one file: a page, a PDF, a zip archive, a handout
    castdeck machine build       have the virtual machine ready beforehand
    """


castdeck.add_command(new)
castdeck.add_command(build)
castdeck.add_command(record)
castdeck.add_command(serve)
castdeck.add_command(check)
castdeck.add_command(verify)
castdeck.add_command(export)
castdeck.add_command(machine)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the deck or a recording has an error, 2 wrong usage, 130 interrupted."""
    try:
        status = castdeck.main(args=arguments, standalone_mode=False)
    except CastdeckError as error:
        say_problem(error.problem)
        status = error.exit_code
    except click.ClickException as error:
        error.show()
        status = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted: all that was recorded before is kept", err=True)
        status = INTERRUPTED
    sys.exit(status)
