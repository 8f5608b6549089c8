"""Sessions on the workers of a Dask cluster: https://distributed.dask.org

Only this process writes recordings, after the same checks as for its own. Dask itself unpickles what a worker sends, so
a cluster has to be the user's own; over TLS nobody else can join it.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from uuid import uuid4

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from castdeck.cancellation import Cancellation
from castdeck.errors import CastdeckError
from castdeck.farm.job import MOST_BYTES
from castdeck.farm.worker import TOPIC, facts, run_session

CONNECT_TIMEOUT = 10.0  # seconds
MOST_TRIES = 3
"""How often a session is given to workers that are lost."""
LOST = "its worker was lost"
NO_WORKERS = "the cluster has no worker any more"
PATIENCE = 60.0
"""Seconds without any worker, after which none is waited for."""
MOST = MOST_BYTES + (1 << 16)
"""Bytes of a result that are fetched, as its worker gives its size."""
_SAME = "install the same"
_MOST_VERSION = 40  # characters
_LOOK = 0.2  # seconds between looks whether all is cancelled
_LOOK_AT_WORKERS = 2.0


class ClusterError(CastdeckError):
    """The cluster can't be reached, or can't do the work."""


@dataclass(frozen=True)
class ClusterTask:
    """A job to run elsewhere: its id, its bytes, the MiB that its machine takes, and the seconds it should take.

    `is_accelerated`: its machine is faster where there is KVM. `worker` is the address of the only worker that may run
    it.
    """

    id: str
    job: bytes
    memory: int = 0
    seconds: float = 0.0
    is_accelerated: bool = False
    worker: str = ""


@dataclass(frozen=True)
class Result:
    """What came of a task: the answer's bytes, or why it could not be run."""

    id: str
    answer: bytes
    failure: str


class Cluster:
    """A connection to a scheduler."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def check(self, warn: Callable[[str], None]) -> None:
        """See that there are workers, and that they have this castdeck. Raises ClusterError."""
        workers: dict[str, object] = self._client.run(facts)
        if not workers:
            raise ClusterError("the cluster has no worker", hint="start one: dask worker SCHEDULER")
        own, emulators = version("castdeck"), set()
        for address, said in workers.items():
            match said:
                case {"castdeck": str(other), "qemu": str(emulator)}:
                    emulators.add(emulator)
                case _:
                    raise ClusterError(f"the worker {address} does not say what it has", hint=_SAME)
            if other != own:
                raise ClusterError(
                    f"the worker {address} has castdeck {other[:_MOST_VERSION]}, this is {own}", hint=_SAME
                )
        if len(emulators) > 1:
            warn("the workers have different versions of QEMU: machine states are not shared between them")

    def run(
        self, tasks: Sequence[ClusterTask], hear: Callable[[str, object], None], cancellation: Cancellation
    ) -> Iterator[Result]:
        """Run the tasks, the longest first; gives each one's result as it ends, exactly one for each.

        `hear` is given a task's id and each event of it, from another thread. A task whose worker is lost is given to
        another one, at most MOST_TRIES times in all. Workers that have all gone may come back within PATIENCE seconds.
        Raises Cancelled, once the workers were told to end.
        """
        self._client.subscribe_topic(TOPIC, lambda event: _heard(event, hear))
        tries = {task.id: 0 for task in tasks}

        def submit(task: ClusterTask) -> "Future[object]":
            tries[task.id] += 1
            return self._client.submit(
                run_session,
                task.job,
                task.id,
                key=f"castdeck-{task.id}-{uuid4().hex}",
                priority=task.seconds,
                resources=self._resources(task),
                pure=False,
                workers=[task.worker] if task.worker else None,
            )

        running = [(task, submit(task)) for task in sorted(tasks, key=lambda task: -task.seconds)]
        addresses, were_seen, next_look = frozenset[str](), time.monotonic(), 0.0
        try:
            while running:
                if (now := time.monotonic()) >= next_look:
                    addresses, next_look = self._addresses(), now + _LOOK_AT_WORKERS
                if addresses:
                    were_seen = now
                elif now - were_seen > PATIENCE:
                    yield from (Result(task.id, b"", NO_WORKERS) for task, _ in running)
                    return
                gone = {task.id for task, _ in running if task.worker and task.worker not in addresses}
                for task, future in [one for one in running if one[1].done() or one[0].id in gone]:
                    running.remove((task, future))
                    result = Result(task.id, b"", LOST) if task.id in gone else self._result(task, future)
                    if result.failure == LOST and not task.worker and tries[task.id] < MOST_TRIES:
                        running.append((task, submit(task)))
                    else:
                        yield result
                cancellation.wait(_LOOK if running else 0)
        finally:
            self._client.unsubscribe_topic(TOPIC)
            if running:
                self._client.cancel([future for _, future in running], force=True)

    def workers(self) -> list[str]:
        """The workers' addresses."""
        return sorted(self._addresses())

    def _addresses(self) -> frozenset[str]:
        return frozenset(self._client.scheduler_info(n_workers=-1)["workers"])

    def _result(self, task: ClusterTask, future: "Future[object]") -> Result:
        if future.status in ("cancelled", "lost"):
            return Result(task.id, b"", LOST)
        size = self._client.nbytes([future.key], summary=False).get(future.key, 0)
        if size > MOST:
            return Result(task.id, b"", f"the worker's answer is too large ({size >> 20} MiB)")
        error = future.exception()
        if isinstance(error, KilledWorker):
            return Result(task.id, b"", LOST)
        if error is not None:
            return Result(task.id, b"", f"the worker failed: {str(error)[:200]}")
        match future.result():
            case (bytes(answer), str(failure)):
                return Result(task.id, answer, failure[:500])
        return Result(task.id, b"", "what the worker sent is no answer")

    def _resources(self, task: ClusterTask) -> dict[str, float]:
        """What the task's machine takes, where workers say what they have (`--resources "MEMORY=... KVM=..."`)."""
        offered = [one["resources"] for one in self._client.scheduler_info(n_workers=-1)["workers"].values()]
        kvm = {"KVM": 1.0} if task.is_accelerated and any("KVM" in one for one in offered) else {}
        if not any("MEMORY" in one for one in offered):
            return kvm
        wanted = task.memory * float(1 << 20)
        if not any(one.get("MEMORY", 0) >= wanted and kvm.keys() <= one.keys() for one in offered):
            raise ClusterError(
                f"no worker has {task.memory} MiB for the machine of {task.id}",
                hint=f'start one with more: dask worker --resources "MEMORY={wanted:.0f}"',
            )
        return {"MEMORY": wanted, **kvm}


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster of the scheduler at that address, such as tcp://host:8786. Raises ClusterError."""
    try:
        client = Client(address, timeout=CONNECT_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no scheduler answers at {address} ({error})", hint="start one: dask scheduler") from error
    try:
        yield Cluster(client)
    finally:
        client.close(timeout=2)


def _heard(event: tuple[float, object], hear: Callable[[str, object], None]) -> None:
    match event:
        case (_, {"session": str(name), "value": value}):
            hear(name, value)
