"""How messages look: progress and problems to stderr, results to stdout."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.text import Text

from castdeck.cli.github import without_commands
from castdeck.cli.rows import wrapped
from castdeck.cli.surroundings import discard_stdout
from castdeck.cli.tty import stderr
from castdeck.errors import CastdeckError
from castdeck.problems import Problem, plain

GOOD, BAD, CAREFUL, TYPED = (
    ("green", "red", "yellow", "cyan")
    if stderr.color_system == "standard"
    else ("color(28)", "color(161)", "color(130)", "color(31)")
)
"""Colours that can be read on a dark background and on a light one; where there are eight, those of the terminal."""


def _print_directly(text: Text) -> None:
    with suppress(OSError):  # a terminal that is gone: there is nobody to tell
        stderr.print(wrapped(text, stderr.width, stderr) if stderr.is_terminal else text)


_print: Callable[[Text], None] = _print_directly


@contextmanager
def printed_through(show: Callable[[Text], None]) -> Iterator[None]:
    """Within the block messages go to `show`, which knows what else is on the terminal."""
    global _print
    before, _print = _print, show
    try:
        yield
    finally:
        _print = before


def say_problem(problem: Problem) -> None:
    """Show a problem: file, line, what is wrong, what to do."""
    _print(problem_text(problem))


def say(message: str) -> None:
    """Show a plain message on stderr."""
    _print(Text(without_commands(plain(message))))


class NobodyReadsError(Exception):
    """Whoever read stdout has gone: `castdeck check | head -1`."""


def result(message: str, *, has_commands: bool = False) -> None:
    """Print a result on stdout; `has_commands`: it is GitHub's annotations.

    Raises NobodyReadsError, and CastdeckError when it can't be written.
    """
    text = plain(message)
    try:
        sys.stdout.write(f"{text if has_commands else without_commands(text)}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReadsError from None
    except OSError as error:
        discard_stdout()
        raise CastdeckError(f"the results can't be written to standard output: {error.strerror}") from error


def problem_text(problem: Problem, indent: str = "") -> Text:
    """A problem as it is shown: its severity in a colour, what to do below it."""
    shown = problem.at(path=Path(shown_path(problem.path))) if problem.path else problem
    text = Text(without_commands("\n".join(f"{indent}{line}" for line in str(shown).splitlines())))
    start = text.plain.index(f"{problem.severity}: ")
    text.stylize("bold", 0, start)
    text.stylize(f"bold {BAD if problem.is_error else CAREFUL}", start, start + len(problem.severity))
    return text


def shown_path(path: Path) -> str:
    """The path as seen from the folder that the command runs in, where it is below it."""
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return str(path)
    resolved = Path(os.path.realpath(path))  # which, unlike Path.resolve, bears links that lead to themselves
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(path)


@contextmanager
def progress(quiet: bool, *, plain: bool = False) -> Iterator[Callable[[str], None]]:
    """Shows each step with the seconds it takes: a row on a terminal, lines elsewhere."""
    from castdeck.cli.display import display  # here: it stands on this module

    with display(quiet, plain=plain) as shows:
        yield shows.step
