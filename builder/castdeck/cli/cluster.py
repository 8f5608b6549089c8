"""The options `--cluster` and `--cluster-secrets`: run sessions on the workers of a Dask cluster."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

import click

from castdeck.cli.console import say
from castdeck.errors import WorkspaceError

if TYPE_CHECKING:
    from castdeck.farm.cluster import Cluster

_ADDRESS = re.compile(r"(?:tcp|tls|wss?)://(?:[^\s:/\[\]]+|\[[0-9a-fA-F:]+\]):\d{1,5}/?")
_F = TypeVar("_F", bound=Callable[..., object])


@dataclass(frozen=True)
class ClusterChoice:
    """Which scheduler's workers are to run sessions, and whether they are given the values of secrets."""

    address: str
    with_secrets: bool


def cluster_options(command: _F) -> _F:
    """Adds the options to a command, as its arguments `cluster` and `cluster_secrets`."""
    address = click.option(
        "--cluster", metavar="URL", help="Run on the workers of this Dask scheduler, such as tcp://host:8786."
    )
    secrets = click.option(
        "--cluster-secrets", is_flag=True, help="Give the workers the values of secrets; needs tls://."
    )
    return address(secrets(command))


def chosen_cluster(cluster: str | None, cluster_secrets: bool, jobs: int | None) -> ClusterChoice | None:
    """What the options ask for; None to run here. Raises UsageError, and WorkspaceError where Dask is not installed."""
    if not cluster:
        if cluster_secrets:
            raise click.UsageError("--cluster-secrets needs --cluster")
        return None
    if not _ADDRESS.fullmatch(cluster):
        raise click.UsageError(f"--cluster {cluster}: a scheduler's address looks like tcp://host:8786")
    if jobs:
        raise click.UsageError("--jobs is for this computer only: a cluster's workers have limits of their own")
    if cluster_secrets and not cluster.startswith("tls://"):
        raise click.UsageError("--cluster-secrets needs a scheduler with a tls:// address")
    if not find_spec("distributed"):
        raise WorkspaceError("--cluster needs Dask", hint="pip install 'castdeck[cluster]'")
    return ClusterChoice(cluster, cluster_secrets)


@contextmanager
def connected_cluster(choice: ClusterChoice) -> Iterator["Cluster"]:
    """A connection to the scheduler, whose workers were looked at. Raises ClusterError."""
    from castdeck.farm.cluster import connected

    with connected(choice.address) as cluster:
        cluster.check(say)
        yield cluster
