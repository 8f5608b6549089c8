"""`castdeck machine`: have the virtual machines ready, see what they take."""

from pathlib import Path

import click

from castdeck.cli.console import progress, result, say
from castdeck.machine.definition import DEFAULT_MACHINE, find_definition
from castdeck.machine.golden import list_machines, ready_machine
from castdeck.workspace import cache_folder, find_workspace


@click.group()
def machine() -> None:
    """The throw-away virtual machines that blocks run in."""


@machine.command("build")
@click.argument("name", default=DEFAULT_MACHINE)
@click.option("--accel", default="", metavar="NAME", help="Insist on an accelerator: kvm, hvf, tcg.")
@click.option("--quiet", is_flag=True, help="Only errors and the result.")
def build_command(name: str, accel: str, quiet: bool) -> None:
    """Build a machine and freeze it, booted and idle. Does nothing when that has been done.

    \b
    castdeck machine build
    castdeck machine build docker --accel tcg
    """
    definition = find_definition(name, find_workspace(Path.cwd()).machines)
    with progress(quiet) as step:
        golden = ready_machine(definition, cache_folder(), step, accel)
    size = golden.checkpoint.size / 1e6
    result(
        f"{name}: ready on {golden.boot.accelerator.split(',')[0]}, snapshot of {size:.0f} MB in {golden.boot.folder}"
    )


@machine.command("list")
def list_command() -> None:
    """The machines in the cache, with what they take on disk."""
    machines = list_machines(cache_folder())
    for folder, size in machines:
        result(f"{folder.name}  {size / 1e6:.0f} MB  {folder}")
    if not machines:
        say("no machine has been built yet: castdeck machine build")
