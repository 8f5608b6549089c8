"""What runs on a worker of a Dask cluster: each session in a process of its own, which ends when it is not wanted."""

import json
import os
import subprocess
import threading
from contextlib import suppress
from importlib.metadata import version
from typing import IO

from distributed import get_worker
from distributed.worker import Worker

from castdeck.farm.limits import MOST_BYTES
from castdeck.farm.processes import Process, Processes
from castdeck.leftovers import temporary_folder
from castdeck.machine.architectures import find_emulator

TOPIC = "castdeck-progress"
_LOOK = 0.5  # seconds between looks whether the session is still wanted
_PATIENCE = 10.0  # seconds for a session to clean up after itself
_processes = Processes()


def dask_setup(worker: Worker) -> None:  # noqa: ARG001 (as Dask calls it)
    """Have castdeck loaded before the first client comes: `dask worker --preload castdeck.farm.worker`."""
    _processes.load()


def facts() -> dict[str, object]:
    """What a client wants to know of a worker before it gives it work; castdeck is loaded for it meanwhile."""
    _processes.load()
    return {"castdeck": version("castdeck"), "qemu": _qemu(), "kvm": os.access("/dev/kvm", os.R_OK | os.W_OK)}


def run_session(job: bytes, name: str) -> tuple[bytes, str]:
    """Run a job in a process of its own: its answer and "", or nothing and why it could not be run.

    `name` stands with the events that the client hears of it.
    """
    worker = get_worker()
    key = str(worker.get_current_task())
    with temporary_folder() as folder:
        answer, errors = folder / "answer", folder / "errors"
        with errors.open("wb") as stderr:
            process = _processes.start(str(answer), stderr.fileno())
        threading.Thread(target=_tell, args=(process.stdout, worker, name), daemon=True).start()
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(len(job).to_bytes(8) + job)
                process.stdin.flush()
            while _is_wanted(worker, key) and not process.ended.wait(_LOOK):
                pass
        finally:
            _end(process)
        if process.status:
            last = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            return b"", last[0] if last else f"its process ended with status {process.status}"
        if answer.stat().st_size > MOST_BYTES:
            return b"", f"its recordings are more than {MOST_BYTES >> 20} MiB"
        return answer.read_bytes(), ""


def _is_wanted(worker: Worker, key: str) -> bool:
    """Not if the client has cancelled the task or is gone, or the worker closes."""
    task = worker.state.tasks.get(key)
    return task is not None and task.state == "executing" and str(worker.status.name) == "running"


def _end(process: Process) -> None:
    """Close its stdin, on which it cancels what runs; end it where that takes too long."""
    with suppress(BrokenPipeError):
        process.stdin.close()
    if not process.ended.wait(_PATIENCE):
        _processes.kill(process)


def _tell(lines: IO[bytes], worker: Worker, name: str) -> None:
    with lines:
        for line in lines:
            with suppress(ValueError):
                worker.log_event(TOPIC, {"session": name, "value": json.loads(line)})


def _qemu() -> str:
    program = find_emulator()
    if not program:
        return ""
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return printed.splitlines()[0] if printed else ""
