"""How messages look: progress and problems to stderr, results to stdout."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.text import Text

from castdeck.problems import Problem, plain

stderr = Console(stderr=True, highlight=False, soft_wrap=True)


class Say(Protocol):
    """Shows what is being done now."""

    def __call__(self, doing: str) -> None: ...


def say_problem(problem: Problem) -> None:
    """Show a problem: file, line, what is wrong, what to do."""
    stderr.print(Text(str(problem), style="red" if problem.is_error else "yellow"))


def say(message: str) -> None:
    """Show a plain message on stderr."""
    stderr.print(Text(plain(message)))


def result(message: str) -> None:
    """Print a result on stdout."""
    sys.stdout.write(f"{plain(message)}\n")


@contextmanager
def progress(quiet: bool) -> Iterator[Say]:
    """Shows each step with the seconds it took: a spinner on a terminal, a line a step elsewhere."""
    if quiet:
        yield lambda doing: None
        return
    current: list[tuple[str, float]] = []

    def finish() -> None:
        if current:
            doing, start = current.pop()
            stderr.print(Text(f"  {doing}  {time.monotonic() - start:.1f} s"))

    with stderr.status("") as status:

        def step(doing: str) -> None:
            finish()
            current.append((doing, time.monotonic()))
            status.update(Text(doing))
            if not stderr.is_terminal:
                stderr.print(Text(f"  {doing} ..."))

        yield step
        finish()
