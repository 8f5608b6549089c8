"""`castdeck machine`: have the virtual machines ready, see what they take."""

from pathlib import Path

import click

from castdeck.cli.console import progress, result, say
from castdeck.machine.consent import allow, prepared
from castdeck.machine.kinds import DEFAULT_MACHINE, find_definition
from castdeck.machine.protocol import Definition
from castdeck.machine.qemu.golden import list_machines
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
    definition = _definition(name)
    with progress(quiet) as step:
        ready = prepared(definition, cache_folder(), step, accel)
    result(f"{name}: ready {ready.summary}")


@machine.command("allow")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
def allow_command(name: str, yes: bool) -> None:
    """Allow a machine that is no throw-away one: this computer, or one that ssh reaches. Asked for once.

    \b
    castdeck machine allow my-server
    """
    definition = _definition(name)
    if not definition.risk:
        say(f"{name} is a throw-away machine: it needs no leave")
        return
    say(f"The machine {name} {definition.risk}.")
    if not yes:
        click.confirm("Allow it?", abort=True, err=True)
    allow(definition)
    say(f"{name} is allowed")


def _definition(name: str) -> Definition:
    workspace = find_workspace(Path.cwd())
    return find_definition(name, workspace.machines, workspace.root)


@machine.command("list")
def list_command() -> None:
    """The machines in the cache, with what they take on disk."""
    machines = list_machines(cache_folder())
    for folder, size in machines:
        result(f"{folder.name}  {size / 1e6:.0f} MB  {folder}")
    if not machines:
        say("no machine has been built yet: castdeck machine build")
