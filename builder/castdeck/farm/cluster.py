"""Sessions on the workers of a Dask cluster: https://distributed.dask.org

Only this process writes recordings, after the same checks as for its own. Dask itself unpickles what a worker sends, so
a cluster has to be the user's own; over TLS nobody else can join it.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from uuid import uuid4

from distributed import Client, Future
from distributed.scheduler import KilledWorker

from castdeck.cancellation import Cancellation
from castdeck.errors import CastdeckError
from castdeck.farm.limits import MOST_BYTES
from castdeck.farm.worker import TOPIC, facts, run_session

CONNECT_TIMEOUT = 10.0  # seconds
MOST_TRIES = 3
"""How often a session is given to workers that are lost."""
LOST = "its worker was lost"
NO_WORKERS = "the cluster has no worker for it any more"
NO_SCHEDULER = "the cluster's scheduler is gone"
PATIENCE = 60.0
"""Seconds without a worker that can run a task, or without the scheduler, after which none is waited for."""
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


_Workers = Mapping[str, Mapping[str, float]]  # their addresses, and what each says it has


@dataclass
class _Running:
    """A task that was given to the scheduler, what it needs, and when there last was a worker for it (monotonic)."""

    task: ClusterTask
    needs: Mapping[str, float]
    future: "Future[object]"
    had_worker: float

    def can_run_on(self, workers: _Workers) -> bool:
        return any(all(has.get(name, 0) >= amount for name, amount in self.needs.items()) for has in workers.values())


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
        another one, at most MOST_TRIES times in all. Workers that have gone may come back within PATIENCE seconds.
        Raises Cancelled, once the workers were told to end, and ClusterError for a task that no worker can run.
        """
        self._client.subscribe_topic(TOPIC, lambda event: _heard(event, hear))
        tries = {task.id: 0 for task in tasks}

        def submit(task: ClusterTask, needs: Mapping[str, float]) -> _Running:
            tries[task.id] += 1
            future: Future[object] = self._client.submit(
                run_session,
                task.job,
                task.id,
                key=f"castdeck-{task.id}-{uuid4().hex}",
                priority=task.seconds,
                resources=needs,
                pure=False,
                workers=[task.worker] if task.worker else None,
            )
            return _Running(task, needs, future, time.monotonic())

        workers = self._workers()
        running = [submit(task, _needs(task, workers)) for task in sorted(tasks, key=lambda task: -task.seconds)]
        next_look = 0.0
        try:
            while running:
                if self._is_closed:
                    yield from (Result(one.task.id, b"", NO_SCHEDULER) for one in running)
                    return
                if (now := time.monotonic()) >= next_look:
                    workers, next_look = self._workers(), now + _LOOK_AT_WORKERS
                    for one in running:
                        one.had_worker = now if one.can_run_on(workers) else one.had_worker
                for one in list(running):
                    result = self._ended(one, workers)
                    if not result:
                        continue
                    running.remove(one)
                    if result.failure == LOST and not one.task.worker and tries[one.task.id] < MOST_TRIES:
                        running.append(submit(one.task, one.needs))
                    else:
                        yield result
                cancellation.wait(_LOOK if running else 0)
        finally:
            if not self._is_closed:
                self._client.unsubscribe_topic(TOPIC)
                self._client.cancel([one.future for one in running], force=True)

    def workers(self) -> list[str]:
        """The workers' addresses."""
        return sorted(self._workers())

    @property
    def _is_closed(self) -> bool:
        return str(self._client.status) in ("closing", "closed")

    def _workers(self) -> _Workers:
        """None where the scheduler is not there just now, for whose answer the client might wait for ever."""
        if str(self._client.status) != "running":
            return {}
        found = self._client.scheduler_info(n_workers=-1).get("workers", {})
        return {address: worker["resources"] for address, worker in found.items()}

    def _ended(self, one: _Running, workers: _Workers) -> Result | None:
        if one.task.worker and one.task.worker not in workers:
            return Result(one.task.id, b"", LOST)
        if one.future.done():
            try:
                return self._result(one.task, one.future)
            except (OSError, CancelledError):  # the scheduler was lost meanwhile, and all futures with it
                return Result(one.task.id, b"", LOST)
        if time.monotonic() - one.had_worker > PATIENCE:
            return Result(one.task.id, b"", NO_WORKERS)
        return None

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


def _needs(task: ClusterTask, workers: _Workers) -> dict[str, float]:
    """What the task's machine takes, where workers say what they have (`--resources "MEMORY=... KVM=..."`)."""
    offered = workers.values()
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
    client._timeout = PATIENCE  # until it gives a scheduler up that it had found
    try:
        yield Cluster(client)
    finally:
        client.close(timeout=2)


def _heard(event: tuple[float, object], hear: Callable[[str, object], None]) -> None:
    match event:
        case (_, {"session": str(name), "value": value}):
            hear(name, value)
