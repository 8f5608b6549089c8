"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., object])


def recordings_option(command: _Command) -> _Command:
    """--recordings DIR."""
    kind = click.Path(path_type=Path)
    return click.option("--recordings", type=kind, metavar="DIR", help="The folder with the casts.")(command)


def theme_option(command: _Command) -> _Command:
    """--theme NAME."""
    return click.option("--theme", default="", metavar="NAME", help="Use this theme instead of the front matter's.")(
        command
    )


def output_options(quiet: str) -> Callable[[_Command], _Command]:
    """--quiet, which leaves only what `quiet` says, and --plain."""

    def add(command: _Command) -> _Command:
        plain = "Show progress in plain lines and redraw nothing: for screen readers and logs."
        command = click.option("--plain", is_flag=True, help=plain)(command)
        return click.option("--quiet", is_flag=True, help=quiet)(command)

    return add
