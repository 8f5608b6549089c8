"""The process in which a worker runs one session (forks.py starts it).

The job comes on stdin, its length (8 bytes, big endian) before it. stdin stays open while the job is wanted: when it is
closed, for any reason, the session is cancelled and its machine ends. Events are lines of JSON on stdout; the answer is
written to a file. Dask ends workers that don't react, and Python's threads can't be ended: hence a process.
"""

import io
import json
import os
import signal
import sys
import threading
from pathlib import Path

from castdeck.cancellation import Cancellation, Cancelled
from castdeck.errors import CastdeckError
from castdeck.farm.job import Answer, Failed, MachineJob, SessionJob, read_job, recorded_files
from castdeck.farm.progress import event_as_json
from castdeck.leftovers import temporary_folder
from castdeck.machine.consent import prepared
from castdeck.machine.protocol import Definition, Ready
from castdeck.record.deck import record_decks
from castdeck.record.events import Event
from castdeck.record.order import Order
from castdeck.record.store import Recordings
from castdeck.record.verdict import as_json, session_verdicts
from castdeck.record.verify import verify_decks
from castdeck.workspace import cache_folder

FAILED = 3
"""The exit status when the session could not be run; stderr says why."""


def run(job: SessionJob, folder: Path, cancellation: Cancellation) -> Answer:
    """Record or verify the session; `folder` is empty, and takes its recordings. Raises MachineError, Cancelled."""
    for name, data in job.files.items():
        (folder / name).write_bytes(data)
    order = Order(job.deck, Recordings(folder), job.settings, job.force, job.slide, frozenset([job.session]))
    if job.verb == "verify":
        (verified,) = verify_decks([order], [job.rules], _ready, 1, _tell, cancellation)
        return Answer(verdicts=as_json(session_verdicts("", job.deck.path, verified)))
    (report,) = record_decks([order], _ready, 1, _tell, cancellation)
    names = {(one.block.path or job.deck.path, one.block.line): one.block.name for one in order.plan().blocks}
    failed = [
        Failed(_nearest(names, problem.path, problem.line or 0), problem.line or 0, problem.message, problem.hint)
        for problem in report.problems
        if problem.is_error
    ]
    return Answer(
        files=recorded_files(folder, [one.block.name for one in report.recorded]),
        seconds={one.block.name: (one.seconds, one.command_seconds) for one in report.recorded},
        failed=tuple(failed),
        not_reached=report.not_reached,
    )


def _nearest(names: dict[tuple[Path, int], str], path: Path | None, line: int) -> str:
    """The block that a problem at that line is about: the last that begins at or before it."""
    before = [(start, name) for (file, start), name in names.items() if file == path and start <= line]
    return max(before)[1] if before else min(names.items(), key=lambda item: item[0][1])[1]


def _ready(definition: Definition) -> Ready:
    return prepared(definition, cache_folder(), lambda doing: print(json.dumps({"step": doing}), flush=True))


def _tell(event: Event) -> None:
    value = event_as_json(event)
    if value:
        print(json.dumps(value), flush=True)


def _cancel_at_end(cancellation: Cancellation) -> None:
    os.read(sys.stdin.fileno(), 1)  # not sys.stdin: its lock would be held when Python ends
    cancellation.cancel()


def _exactly(stdin: io.FileIO, length: int) -> bytes:
    data = bytearray()
    while len(data) < length and (more := stdin.read(length - len(data))):
        data += more
    return bytes(data)


def main(answer_file: str) -> int:
    """Run the job on stdin; the exit status is 0, or FAILED."""
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb", buffering=0) as stdin:
        length = int.from_bytes(_exactly(stdin, 8))
        job = read_job(_exactly(stdin, length))
    cancellation = Cancellation()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: cancellation.cancel())
    threading.Thread(target=_cancel_at_end, args=(cancellation,), daemon=True).start()
    try:
        with temporary_folder() as folder:
            if isinstance(job, MachineJob):
                answer = _ready(job.definition).summary.encode()
            else:
                answer = run(job, folder, cancellation).as_bytes()
    except CastdeckError as error:
        print(error.problem.message, file=sys.stderr)
        return FAILED
    except Cancelled:
        print("cancelled", file=sys.stderr)
        return FAILED
    Path(answer_file).write_bytes(answer)
    return 0
