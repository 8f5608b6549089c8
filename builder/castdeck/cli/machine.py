"""`castdeck machine`: have machines ready, see what they take, try things in them."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from castdeck.cancellation import Cancellation
from castdeck.cli.cluster import ClusterChoice, chosen_cluster, connected_cluster
from castdeck.cli.console import progress, result, say
from castdeck.cli.options import output_options
from castdeck.cli.shell import shell
from castdeck.cli.tty import is_interactive
from castdeck.errors import WorkspaceError
from castdeck.machine.consent import allow, prepared
from castdeck.machine.doctor import advice
from castdeck.machine.kinds import BUILT_IN, DEFAULT_MACHINE, find_definition
from castdeck.machine.offers import Stored, remove, stored_machines, tidy
from castdeck.machine.probe import probe
from castdeck.machine.protocol import Definition
from castdeck.problems import drawn
from castdeck.workspace import cache_folder, find_workspace

_DAY = 24 * 3600
_OLD = 30  # days


@click.group(short_help="Manage the machines that blocks run on.")
def machine() -> None:
    """Manage the machines that blocks run on: virtual and throw-away, unless castdeck.toml says otherwise."""


@machine.command("build")
@click.argument("name", default=DEFAULT_MACHINE)
@click.option("--accel", default="", metavar="NAME", help="Use kvm, hvf or tcg from now on; auto finds one.")
@click.option("--cluster", metavar="URL", help="Build it on every worker of this Dask scheduler.")
@output_options("Only errors and the result.")
@click.pass_obj
def build_command(
    cancellation: Cancellation, name: str, accel: str, cluster: str | None, quiet: bool, plain: bool
) -> int:
    """Build a machine and save its state, booted and idle. Does nothing if that has been done.

    \b
    castdeck machine build
    castdeck machine build docker --accel tcg
    castdeck machine build docker --cluster tcp://scheduler:8786
    """
    definition = _definition(name)
    if remote := chosen_cluster(cluster, False, None):
        if accel:
            raise click.UsageError("--accel is for this computer only: workers choose their own accelerator")
        return _build_on(remote, definition, cancellation, quiet=quiet, plain=plain)
    with progress(quiet, plain=plain) as step:
        ready = prepared(definition, cache_folder(), step, accel)
    result(f"{name}: ready {ready.summary}")
    return 0


def _build_on(
    remote: ClusterChoice, definition: Definition, cancellation: Cancellation, *, quiet: bool, plain: bool
) -> int:
    from castdeck.farm.machines import build_on_cluster

    failed = False
    with connected_cluster(remote) as cluster, progress(quiet, plain=plain) as step:
        for built in build_on_cluster(cluster, definition, step, cancellation):
            failed = failed or bool(built.failure)
            summary = f"not built, {built.failure}" if built.failure else f"ready {built.summary}"
            result(f"{definition.name} on {built.worker}: {summary}")
    return 1 if failed else 0


@machine.command("shell")
@click.argument("name", default=DEFAULT_MACHINE)
def shell_command(name: str) -> None:
    """Open a shell in a new machine, as blocks find it. Ctrl-] or exit leaves it and throws the machine away.

    \b
    castdeck machine shell docker
    """
    if not is_interactive():
        raise click.UsageError("castdeck machine shell needs a terminal")
    definition = _definition(name)
    with ExitStack() as stack:
        with progress(quiet=False) as step:
            ready = prepared(definition, cache_folder(), step)
            step(f"starting {name} (Ctrl-] leaves it)")
            running = stack.enter_context(ready.started())
        shell(running)
    say(f"the machine {name} was thrown away, with all changes")


@machine.command("allow", short_help="Permit the use of a machine that is not isolated.")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Don't ask.")
def allow_command(name: str, yes: bool) -> None:
    """Permit the use of a machine that is not isolated: this computer, or a host reached by ssh.

    \b
    castdeck machine allow my-server
    """
    definition = _definition(name)
    if not definition.risk:
        say(f"{name} is a throw-away machine and needs no permission")
        return
    say(f"The machine {drawn(name)} {drawn(definition.risk)}.")
    if not yes:
        click.confirm("Allow it?", abort=True, err=True)
    allow(definition)
    say(f"{name} is allowed")


@machine.command("list", short_help="List the machines that are available here, and their sizes.")
def list_command() -> None:
    """List the machines that are available here, and the disk space that those in the cache take."""
    stored = stored_machines(cache_folder())
    for one in stored:
        parts = f"disk {_megabytes(one.image)}, snapshots {_megabytes(one.snapshots)}"
        kept = f", checkpoints {_megabytes(one.checkpoints)}" if one.checkpoints else ""
        result(f"{_called(one)}: {parts}{kept}, used {_ago(one.last_used)}  {one.folder}")
    built = {name for one in stored for name in one.names}
    for name in sorted({*BUILT_IN, *find_workspace(Path.cwd()).config.machine} - built):
        definition = _definition(name)
        result(f"{drawn(name)}: {drawn(definition.risk) or 'not built yet'}")


@machine.command("prune", short_help="Remove machines from the cache.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "everything", is_flag=True, help="Remove all machines; they are built again when needed.")
@click.option("--older-than", type=click.IntRange(0), default=_OLD, metavar="DAYS", help="Not used for so long (30).")
def prune_command(names: Sequence[str], everything: bool, older_than: int) -> None:
    """Remove machines from the cache: those named, or those not used for a while.

    A running machine is never removed.

    \b
    castdeck machine prune
    castdeck machine prune docker
    castdeck machine prune --all
    """
    stored = stored_machines(cache_folder())
    known = {name for one in stored for name in one.names}
    for name in names:
        if name not in known:
            raise click.UsageError(f"the cache has no machine {name}; it has: {', '.join(sorted(known)) or 'none'}")
    oldest = time.time() - older_than * _DAY
    wanted = [
        one
        for one in stored
        if everything or (set(names) & set(one.names) if names else not one.names or one.last_used < oldest)
    ]
    unused = tidy(cache_folder())
    gone, busy = remove(wanted, cache_folder())
    tidy(cache_folder())
    if unused:
        say(f"unused images: removed, {_megabytes(unused)} freed")
    for one in gone:
        say(f"{_called(one)}: removed, {_megabytes(one.size)} freed")
    for one in busy:
        say(f"{_called(one)}: running or being built, not removed")
    say(f"{_megabytes(unused + sum(one.size for one in gone))} freed")


@machine.command("doctor", short_help="Check what recording needs, and tell how to install it.")
def doctor_command() -> int:
    """Check what recording needs, and tell how to install what is missing.

    The exit status is 1 if something is missing that recording needs.
    """
    found = advice(probe(cache_folder()))
    for one in found:
        result(f"{'ok     ' if one.is_fine else 'missing' if one.is_needed else 'better '}  {one.topic}: {one.text}")
        if one.command:
            result(f"           {one.command}")
    return int(any(one.is_needed and not one.is_fine for one in found))


def _definition(name: str) -> Definition:
    workspace = find_workspace(Path.cwd())
    try:
        return find_definition(name, workspace.config.machine, workspace.root)
    except WorkspaceError as error:
        if workspace.root or name in BUILT_IN:
            raise
        raise WorkspaceError(
            f"there is no castdeck.toml here that defines the machine {name!r}",
            hint=f"go to its workspace, or use a built-in machine: {', '.join(sorted(BUILT_IN))}",
        ) from error


def _called(one: Stored) -> str:
    return ", ".join(one.names) or f"left over ({one.folder.name})"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.0f} MB"


def _ago(when: float) -> str:
    days = int((time.time() - when) / _DAY)
    return "today" if days < 1 else f"{days} days ago"
