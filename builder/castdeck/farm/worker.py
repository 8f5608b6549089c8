"""What runs on a worker of a Dask cluster: each session in a process of its own, which ends when it is not wanted."""

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from importlib.metadata import version
from typing import IO

from distributed import get_worker
from distributed.worker import Worker

from castdeck.farm.job import MOST_BYTES
from castdeck.leftovers import temporary_folder
from castdeck.machine.architectures import find_emulator

TOPIC = "castdeck-progress"
_LOOK = 0.5  # seconds between looks whether the session is still wanted
_PATIENCE = 10.0  # seconds for a session to clean up after itself


def facts() -> dict[str, object]:
    """What a client wants to know of a worker before it gives it work."""
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
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "castdeck.farm.child", answer],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        assert process.stdin and process.stdout
        threading.Thread(target=_tell, args=(process.stdout, worker, name), daemon=True).start()
        try:
            with suppress(BrokenPipeError):
                process.stdin.write(len(job).to_bytes(8) + job)
                process.stdin.flush()
            _wait(process, worker, key)
        finally:
            _end(process)
        if process.returncode:
            last = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            return b"", last[0] if last else f"its process ended with status {process.returncode}"
        if answer.stat().st_size > MOST_BYTES:
            return b"", f"its recordings are more than {MOST_BYTES >> 20} MiB"
        return answer.read_bytes(), ""


def _wait(process: subprocess.Popen[bytes], worker: Worker, key: str) -> None:
    """Until the process ends, or the client has cancelled the task or is gone, or the worker closes."""
    while _is_wanted(worker, key):
        with suppress(subprocess.TimeoutExpired):
            process.wait(_LOOK)
            return


def _is_wanted(worker: Worker, key: str) -> bool:
    task = worker.state.tasks.get(key)
    return task is not None and task.state == "executing" and str(worker.status.name) == "running"


def _end(process: subprocess.Popen[bytes]) -> None:
    """Close its stdin, on which it cancels what runs; end it where that takes too long."""
    assert process.stdin
    with suppress(BrokenPipeError):
        process.stdin.close()
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tell(lines: IO[bytes], worker: Worker, name: str) -> None:
    for line in lines:
        with suppress(ValueError):
            worker.log_event(TOPIC, {"session": name, "value": json.loads(line)})


def _qemu() -> str:
    program = find_emulator()
    if not program:
        return ""
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return printed.splitlines()[0] if printed else ""
