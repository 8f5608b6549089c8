"""The command line: the only layer that prints or exits."""

import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import click

from castdeck import __version__
from castdeck.cancellation import Cancellation
from castdeck.cli.console import NobodyReadsError, say, say_problem
from castdeck.cli.signals import die_of, heeded
from castdeck.cli.surroundings import Modes, discard_stdout, open_standard_streams, own_temporary_folder
from castdeck.errors import CastdeckError
from castdeck.faults import fault
from castdeck.host import leave_out
from castdeck.leftovers import remove_all
from castdeck.suggest import suggest

COMMANDS = (
    "build",
    "check",
    "export",
    "machine",
    "merge",
    "new",
    "plan",
    "present",
    "record",
    "serve",
    "themes",
    "trust",
    "verify",
)
NO_ANSWER = 1


class Interrupted(Exception):
    """A command was interrupted; `notes` say what became of it. Click would print an empty line for Ctrl-C."""

    def __init__(self, interrupt: KeyboardInterrupt) -> None:
        super().__init__()
        self.notes: Sequence[str] = getattr(interrupt, "__notes__", ())


class Commands(click.Group):
    """Subcommands load lazily, so that `--help` and `--version` import nothing else."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"castdeck.cli.{name}"), name)
        return command

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"there is no command {args[0]!r}\n{suggest(args[0], COMMANDS)}", context)
        return super().resolve_command(context, args)

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except KeyboardInterrupt as interrupt:
            raise Interrupted(interrupt) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="castdeck")
def castdeck() -> None:
    """Markdown slides whose terminal sessions are replayed in a throw-away virtual machine and recorded for you.

    \b
    castdeck new course          make a folder with an example deck
    castdeck build docker        record what has changed, then write public/docker/index.html
    castdeck record docker       only record what has changed
    castdeck serve docker        show a live preview in the browser
    castdeck present docker      present it, with your phone as remote control
    castdeck check               report problems in the decks
    castdeck verify docker       run it again, and report what differs from the recordings
    castdeck trust               let the decks here run scripts of their own
    castdeck export docker --pdf write one file: a page, a PDF, a zip archive or a handout
    castdeck machine build       build the virtual machine in advance
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 the deck or a recording has an error, 2 wrong usage.

    Interrupted, the process dies of the signal; a shell shows 130 after Ctrl-C.
    """
    if arguments is None:
        with suppress(FileNotFoundError):
            leave_out(Path.cwd())
    open_standard_streams()
    cancellation, modes = Cancellation(), Modes()

    def clean_up_in_a_hurry() -> None:
        remove_all()
        modes.restore()

    with heeded(cancellation, clean_up_in_a_hurry) as signals:
        try:
            with own_temporary_folder():
                status = _run(arguments, cancellation)
        except KeyboardInterrupt:  # it came too late to stop anything
            status = 0
    if signals.number or status < 0:
        remove_all()
        die_of(signals.number or -status)
    sys.exit(status)


def _usage(error: click.ClickException) -> CastdeckError:
    """What click says is wrong with the arguments, in castdeck's words: "error: ...", and what to do below it."""
    said, _, remedy = error.format_message().strip().partition("\n")
    if not remedy:
        said, _, remedy = said.partition(". ")
    context = error.ctx if isinstance(error, click.UsageError) else None
    remedy = remedy or f"see {context.command_path if context else 'castdeck'} --help"
    return CastdeckError(_uncapitalised(said).rstrip("."), hint=_uncapitalised(remedy))


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _run(arguments: Sequence[str] | None, cancellation: Cancellation) -> int:
    try:
        status: int | None = castdeck.main(
            args=arguments, prog_name="castdeck", standalone_mode=False, obj=cancellation
        )
    except CastdeckError as error:
        for problem in error.problems:
            say_problem(problem)
        return error.exit_code
    except click.ClickException as error:
        say_problem(_usage(error).problem)
        return error.exit_code
    except click.Abort:
        if not cancellation.is_cancelled:
            say("error: nobody answered the question\n  give --yes to agree")
        return NO_ANSWER
    except Interrupted as interrupted:
        say(": ".join(["interrupted", *interrupted.notes]))
        return 0
    except OSError as error:
        discard_stdout()
        say_problem(fault(error))
        return 1
    except RuntimeError as error:
        if not isinstance(error.__context__, OSError):
            raise
        say_problem(fault(error.__context__))  # a link to itself, as Path.resolve() tells it before Python 3.13
        return 1
    except NobodyReadsError:
        discard_stdout()
        return -signal.SIGPIPE
    return status or 0
