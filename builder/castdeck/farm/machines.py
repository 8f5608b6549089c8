"""Makes a machine ready on every worker of a cluster, so that sessions need not wait for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from castdeck.cancellation import Cancellation
from castdeck.farm.cluster import Cluster, ClusterTask
from castdeck.farm.job import MachineJob
from castdeck.machine.protocol import Definition, Step
from castdeck.problems import drawn

_MOST = 200  # characters of what a worker says


@dataclass(frozen=True)
class Built:
    """What came of it on one worker: a summary of the machine, or why there is none."""

    worker: str
    summary: str
    failure: str


def build_on_cluster(
    cluster: Cluster, definition: Definition, step: Step, cancellation: Cancellation
) -> Iterator[Built]:
    """Make the machine ready on each worker; one that is on the same computer as another waits for it.

    Raises Cancelled, and ClusterError where there is no worker.
    """
    job = MachineJob(definition).as_bytes()
    tasks = [ClusterTask(worker, job, worker=worker) for worker in cluster.workers()]

    def hear(worker: str, value: object) -> None:
        match value:
            case {"step": str(doing)}:
                step(f"{worker}: {_plain(doing)}")

    for result in cluster.run(tasks, hear, cancellation):
        summary = result.answer.decode(errors="replace") if isinstance(result.answer, bytes) else ""
        yield Built(result.id, _plain(summary), _plain(result.failure))


def _plain(text: str) -> str:
    return drawn(text[:_MOST])
